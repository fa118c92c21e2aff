using System.Text;
using System.Text.Json;

namespace Grid.TestUtilities.Load;

/// <summary>An answer as it comes in.</summary>
internal sealed class LoadAnswer
{
    private readonly List<int> _tokens = [];
    private readonly StringBuilder _text = new();
    private string? _finish;
    private string? _error;
    private int? _promptTokens;
    private int? _completionTokens;
    private bool _isDone;

    /// <summary>Tokens so far.</summary>
    public int NumTokens => _tokens.Count;

    /// <summary>Takes an event's data, or the one document of an answer that does not stream.</summary>
    public void Add(string data, bool isStream)
    {
        if (_isDone) _error ??= $"data after [DONE]: {data}";
        if (isStream && data == "[DONE]")
        {
            _isDone = true;
            return;
        }

        using var document = JsonDocument.Parse(data);
        var root = document.RootElement;
        if (root.TryGetProperty("error", out var error)) _error ??= $"error event: {error}";
        if (root.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            _promptTokens = usage.GetProperty("prompt_tokens").GetInt32();
            _completionTokens = usage.GetProperty("completion_tokens").GetInt32();
        }

        if (!root.TryGetProperty("choices", out var choices)) return;
        foreach (var choice in choices.EnumerateArray()) AddChoice(choice);
        if (!isStream) _isDone = true;
    }

    /// <summary>What is wrong with it; null: nothing.</summary>
    public string? Check(ExpectedAnswer? expected)
    {
        if (_error is not null) return _error;
        if (!_isDone) return $"no [DONE] after {_tokens.Count} tokens";
        if (_completionTokens != _tokens.Count) return $"usage tells {_completionTokens} completion tokens of {_tokens.Count}";
        if (expected is null) return null;
        var same = expected.Tokens.AsSpan().CommonPrefixLength(_tokens.ToArray());
        if (same != expected.Tokens.Length || same != _tokens.Count)
            return $"{_tokens.Count} tokens of {expected.Tokens.Length}, unlike from {same} on";
        if (_text.ToString() != expected.Text) return $"text '{_text}' instead of '{expected.Text}'";
        if (_finish != expected.Finish) return $"finish reason {_finish} instead of {expected.Finish}";
        return _promptTokens == expected.PromptTokens ? null : $"usage tells {_promptTokens} prompt tokens of {expected.PromptTokens}";
    }

    /// <summary>As the expectation of the same request later.</summary>
    public ExpectedAnswer ToExpected() => new([.. _tokens], _text.ToString(), _finish ?? "", _promptTokens ?? 0);

    private void AddChoice(JsonElement choice)
    {
        if (choice.TryGetProperty("token_ids", out var ids) && ids.ValueKind == JsonValueKind.Array)
            foreach (var id in ids.EnumerateArray()) _tokens.Add(id.GetInt32());
        if (choice.TryGetProperty("text", out var text)) _text.Append(text.GetString());
        foreach (var holder in new[] { "delta", "message" })
            if (choice.TryGetProperty(holder, out var message) && message.TryGetProperty("content", out var content))
                _text.Append(content.GetString());
        if (!choice.TryGetProperty("finish_reason", out var finish) || finish.ValueKind != JsonValueKind.String) return;
        if (_finish is not null) _error ??= "two finish reasons";
        _finish = finish.GetString();
    }
}
