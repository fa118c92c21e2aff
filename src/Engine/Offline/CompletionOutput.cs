using Grid.Engine.Outputs;
using Grid.Engine.Requests;

namespace Grid.Engine.Offline;

/// <summary>One choice of a <see cref="RequestOutput"/>, with the fields of vLLM's <c>CompletionOutput</c>.</summary>
public sealed record CompletionOutput
{
    /// <summary>Index of the choice within its prompt.</summary>
    public required int Index { get; init; }

    /// <summary>The generated text.</summary>
    public required string Text { get; init; }

    /// <summary>The generated ids, EOS and stop ids included.</summary>
    public required IReadOnlyList<int> TokenIds { get; init; }

    /// <summary>Sum of the generated ids' logprobs; null where none were asked for.</summary>
    public double? CumulativeLogprob { get; init; }

    /// <summary>For each generated id its own logprob and those of the most likely ids; null where none were asked for.</summary>
    public IReadOnlyList<IReadOnlyDictionary<int, Logprob>>? Logprobs { get; init; }

    /// <summary>Why it ended.</summary>
    public required FinishReason FinishReason { get; init; }

    /// <summary>The stop text or stop id that ended it; null for EOS and length.</summary>
    public StopReason? StopReason { get; init; }
}
