using Grid.Engine.Requests;

namespace Grid.Engine.Outputs;

/// <summary>What one choice has gained since the delta before.</summary>
public sealed record OutputDelta
{
    /// <summary>Index of the choice within its prompt.</summary>
    public required int Choice { get; init; }

    /// <summary>
    /// New text. It may be empty although there are tokens: half a character and what may become a stop text are held back.
    /// </summary>
    public string Text { get; init; } = "";

    /// <summary>New ids.</summary>
    public IReadOnlyList<int> TokenIds { get; init; } = [];

    /// <summary>Logprobs of <see cref="TokenIds"/>, one each; empty where none were asked for.</summary>
    public IReadOnlyList<TokenLogprobs> Logprobs { get; init; } = [];

    /// <summary>In the first delta, where asked for: one entry a prompt token, the first of them null.</summary>
    public IReadOnlyList<TokenLogprobs?>? PromptLogprobs { get; init; }

    /// <summary>Set in the last delta.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>What stopped it, with <see cref="Requests.FinishReason.Stop"/>; null for EOS.</summary>
    public StopReason? StopReason { get; init; }

    /// <summary>What failed, with <see cref="Requests.FinishReason.Error"/>.</summary>
    public string? Error { get; init; }
}
