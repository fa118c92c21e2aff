using System.Text.Json;
using Grid.Engine.Requests;

namespace Grid.Silo.OpenAI.Resuming;

/// <summary>
/// The "x" of progress comments, which only silos read: "k" cached tokens of the first rank, "u" usage sent, "l" logprobs of the comment's
/// tokens, "p" logprobs of the prompt. A position is [id, logprob, rank, [id, logprob, ...]].
/// </summary>
internal static class ExtraJson
{
    public static ResumedChoice Read(JsonElement[] extras, ResumedChoice choice)
    {
        var logprobs = new List<TokenLogprobs>();
        try
        {
            foreach (var extra in extras)
            {
                if (choice.CachedTokens is null && extra.TryGetProperty("k", out var cached))
                    choice = choice with { CachedTokens = cached.GetInt32() };
                if (extra.TryGetProperty("u", out var usage)) choice = choice with { UsageSent = usage.GetBoolean() };
                if (extra.TryGetProperty("p", out var prompt))
                    choice = choice with { PromptLogprobs = [.. prompt.EnumerateArray().Select(ReadPosition)] };
                if (extra.TryGetProperty("l", out var positions))
                    logprobs.AddRange(positions.EnumerateArray().Select(position => ReadPosition(position)!));
            }
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw ApiException.BadField("choices", $"extra of a choice is none that a silo wrote: {e.Message}");
        }

        return choice with { Logprobs = logprobs };
    }

    public static void Write(Utf8JsonWriter json, string name, IReadOnlyList<TokenLogprobs?> positions)
    {
        json.WriteStartArray(name);
        foreach (var position in positions)
        {
            if (position is null) json.WriteNullValue();
            else WritePosition(json, position);
        }

        json.WriteEndArray();
    }

    private static void WritePosition(Utf8JsonWriter json, TokenLogprobs position)
    {
        json.WriteStartArray();
        json.WriteNumberValue(position.TokenId);
        WriteNumber(json, position.Logprob);
        json.WriteNumberValue(position.Rank);
        json.WriteStartArray();
        foreach (var top in position.Top)
        {
            json.WriteNumberValue(top.TokenId);
            WriteNumber(json, top.Logprob);
        }

        json.WriteEndArray();
        json.WriteEndArray();
    }

    // JSON has no infinity.
    private static void WriteNumber(Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteNullValue();
    }

    private static float ReadNumber(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null ? float.NegativeInfinity : value.GetSingle();

    private static TokenLogprobs? ReadPosition(JsonElement position)
    {
        if (position.ValueKind == JsonValueKind.Null) return null;
        var list = position[3];
        var top = new TokenLogprob[list.GetArrayLength() / 2];
        for (var i = 0; i < top.Length; i++) top[i] = new TokenLogprob(list[2 * i].GetInt32(), ReadNumber(list[2 * i + 1]));
        return new TokenLogprobs(position[0].GetInt32(), ReadNumber(position[1]), position[2].GetInt32(), top);
    }
}
