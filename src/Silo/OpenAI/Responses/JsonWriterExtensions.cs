using System.Text.Json;
using Grid.Engine.Outputs;
using Grid.Engine.Requests;
using Grid.Silo.OpenAI.Generating;

namespace Grid.Silo.OpenAI.Responses;

/// <summary>The parts that all answers have in common.</summary>
internal static class JsonWriterExtensions
{
    public static void WriteIds(this Utf8JsonWriter json, string name, IReadOnlyList<int> ids)
    {
        json.WriteStartArray(name);
        for (var i = 0; i < ids.Count; i++) json.WriteNumberValue(ids[i]);
        json.WriteEndArray();
    }

    public static void WriteUsage(this Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", usage.PromptTokens);
        json.WriteNumber("completion_tokens", usage.CompletionTokens);
        json.WriteNumber("total_tokens", usage.PromptTokens + usage.CompletionTokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", usage.CachedTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Why a choice ended, null while it continues.</summary>
    public static void WriteFinish(this Utf8JsonWriter json, OutputDelta delta)
    {
        json.WriteString("finish_reason", FinishName(delta.FinishReason));
        if (delta.StopReason?.TokenId is { } id) json.WriteNumber("stop_reason", id);
        else json.WriteString("stop_reason", delta.StopReason?.Text);
    }

    /// <summary>What the API calls a finish reason.</summary>
    public static string? FinishName(FinishReason? reason) => reason switch
    {
        null => null,
        FinishReason.Stop => "stop",
        FinishReason.Length => "length",
        FinishReason.Abort => "abort",
        _ => "error",
    };

    /// <summary>A logprob; JSON has no infinity, so vLLM's -9999 stands for it.</summary>
    public static void WriteLogprob(this Utf8JsonWriter json, float logprob) => json.WriteNumberValue(Math.Max(logprob, -9999f));
}
