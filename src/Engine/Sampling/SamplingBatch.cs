using System.Runtime.InteropServices;

namespace Grid.Engine.Sampling;

/// <summary>
/// What is to be made of a step's logit rows, as data: it goes to the runner with the step, so that a runner may draw where its logits are.
/// Reused from step to step.
/// </summary>
internal sealed class SamplingBatch
{
    private readonly List<TokenDraw> _draws = [];
    private readonly List<PromptScore> _scores = [];

    /// <summary>Tokens to draw, in the order of the step's requests; at most one a request.</summary>
    public ReadOnlySpan<TokenDraw> Draws => CollectionsMarshal.AsSpan(_draws);

    /// <summary>Prompt tokens whose logprobs are wanted, in the order of the step's requests and of positions.</summary>
    public ReadOnlySpan<PromptScore> Scores => CollectionsMarshal.AsSpan(_scores);

    /// <summary>Asks for a token.</summary>
    public void Add(in TokenDraw draw) => _draws.Add(draw);

    /// <summary>Asks for the logprobs of a prompt token.</summary>
    public void Add(in PromptScore score) => _scores.Add(score);

    /// <summary>Begins another step.</summary>
    public void Clear()
    {
        _draws.Clear();
        _scores.Clear();
    }
}
