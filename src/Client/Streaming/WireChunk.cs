namespace Grid.Client.Streaming;

/// <summary>An event of a stream as it is on the wire: chat chunks carry <c>delta</c>, completion chunks <c>text</c>.</summary>
internal sealed record WireChunk(IReadOnlyList<WireChoice>? Choices, TokenUsage? Usage, WireError? Error)
{
    public IEnumerable<GenerationChunk> Chunks => Choices is { Count: > 0 }
        ? Choices.Select(
        choice => new GenerationChunk(choice.Index, choice.Text ?? choice.Delta?.Content ?? "", choice.FinishReason, Usage))
        : Usage is null ? [] : [new GenerationChunk(-1, "", null, Usage)];
}

/// <summary>A choice of a chunk.</summary>
internal sealed record WireChoice(int Index, string? Text, WireDelta? Delta, string? FinishReason);

/// <summary>What a chat chunk adds.</summary>
internal sealed record WireDelta(string? Content);

/// <summary>OpenAI's error object.</summary>
internal sealed record WireError(string? Message, string? Type, string? Param, string? Code);

/// <summary>The body of an error answer.</summary>
internal sealed record WireErrorBody(WireError? Error);
