namespace Grid.Engine.Inputs;

/// <summary>What a request may ask of the loaded model.</summary>
public sealed record InputLimits
{
    /// <summary>Choices a prompt may have.</summary>
    public const int MaxN = 128;

    /// <summary>Tokens of prompt and output together, at most.</summary>
    public required int MaxModelLen { get; init; }

    /// <summary>One more than the highest id that the model can read or draw.</summary>
    public required int VocabSize { get; init; }

    /// <summary>Most logprobs a request may ask for at a position; -1: the whole vocabulary (<c>--max-logprobs</c>).</summary>
    public int MaxLogprobs { get; init; } = 20;
}
