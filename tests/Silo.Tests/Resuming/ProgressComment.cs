using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Abstractions.Http;

namespace Grid.Silo.Tests.Resuming;

/// <summary>The JSON of a comment line <c>: grid {...}</c> (<see cref="ProgressKeys"/>).</summary>
internal sealed record ProgressComment
{
    [JsonPropertyName(ProgressKeys.Attempt)]
    public int Attempt { get; init; }

    [JsonPropertyName(ProgressKeys.Choice)]
    public int Choice { get; init; }

    [JsonPropertyName(ProgressKeys.Index)]
    public int Index { get; init; }

    [JsonPropertyName(ProgressKeys.Tokens)]
    public int[] Tokens { get; init; } = [];

    [JsonPropertyName(ProgressKeys.Bytes)]
    public int Bytes { get; init; }

    [JsonPropertyName(ProgressKeys.Finish)]
    public string? Finish { get; init; }

    [JsonPropertyName(ProgressKeys.CachedTokens)]
    public int? CachedTokens { get; init; }

    [JsonPropertyName(ProgressKeys.Extra)]
    public JsonElement? Extra { get; init; }

    [JsonPropertyName(ProgressKeys.HandOver)]
    public string? HandOver { get; init; }
}
