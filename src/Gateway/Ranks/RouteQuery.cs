namespace Grid.Gateway.Ranks;

/// <summary>What a request asks of a rank.</summary>
internal sealed record RouteQuery
{
    /// <summary>Name as the client typed it.</summary>
    public required string Model { get; init; }

    /// <summary>Whose request it is: the waiting room serves clients in turn.</summary>
    public string Client { get; init; } = "";

    /// <summary>The number of choices that run at a time, prompts x n.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Null where there is no prompt to speak of.</summary>
    public PromptBlocks? Prompt { get; init; }

    /// <summary>Estimated number of prompt tokens.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Estimated number of tokens of the prompt and of all choices: what the request costs its client's turn.</summary>
    public long Tokens { get; init; }

    /// <summary>A rank that had no room for the request, which goes elsewhere where it can.</summary>
    public RankId? Full { get; init; }

    /// <summary>Hash of X-Session-Id.</summary>
    public ulong? Session { get; init; }

    /// <summary>X-Data-Parallel-Rank.</summary>
    public int? DataParallelRank { get; init; }

    /// <summary>A stream that is resumed: it is served before new requests and is not refused for a full queue.</summary>
    public bool IsResume { get; init; }

    /// <summary>Numerics that the stream began with.</summary>
    public string? Numerics { get; init; }

    /// <summary>Whether other numerics are refused.</summary>
    public bool IsExact { get; init; }

    /// <summary>Revision that the stream began with: no answer mixes two.</summary>
    public string? Revision { get; init; }

    public ReadOnlySpan<ulong> Blocks => Prompt is null ? [] : Prompt.Hashes;
}
