using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Abstractions.Http;

/// <summary>The JSON of a comment line <c>: grid {...}</c> that a silo writes before a data event, or alone; the gateway keeps and strips it.</summary>
public sealed record ProgressComment
{
    /// <summary>Attempt.</summary>
    [JsonPropertyName("a")]
    public int Attempt { get; init; }

    /// <summary>Choice.</summary>
    [JsonPropertyName("c")]
    public int Choice { get; init; }

    /// <summary>Index of the first token of <see cref="Tokens"/> in the choice's output.</summary>
    [JsonPropertyName("i")]
    public int Index { get; init; }

    /// <summary>Output ids that this event brings.</summary>
    [JsonPropertyName("t")]
    public int[] Tokens { get; init; } = [];

    /// <summary>UTF-8 bytes of text sent so far, this event included.</summary>
    [JsonPropertyName("n")]
    public int Bytes { get; init; }

    /// <summary>Finish reason, in the choice's last event.</summary>
    [JsonPropertyName("f")]
    public string? Finish { get; init; }

    /// <summary>Prompt tokens found in the prefix cache, in the first comment of a request.</summary>
    [JsonPropertyName("k")]
    public int? CachedTokens { get; init; }

    /// <summary>Opaque to the gateway: given back in <see cref="ResumeChoice.Extra"/>.</summary>
    [JsonPropertyName("x")]
    public JsonElement? Extra { get; init; }

    /// <summary>Why the silo hands the request over (drain, lost); the stream ends after it and is to be resumed elsewhere.</summary>
    [JsonPropertyName("h")]
    public string? HandOver { get; init; }
}
