using System.Runtime.InteropServices;

namespace Grid.Engine.Sampling;

/// <summary>The answers to a <see cref="SamplingBatch"/>, in its order. Reused from step to step.</summary>
internal sealed class SamplerOutput
{
    private readonly List<SampledToken> _tokens = [];
    private readonly List<ScoredToken> _scores = [];

    /// <summary>One entry a draw.</summary>
    public ReadOnlySpan<SampledToken> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>One entry a prompt token.</summary>
    public ReadOnlySpan<ScoredToken> Scores => CollectionsMarshal.AsSpan(_scores);

    /// <summary>Answers the next draw.</summary>
    public void Add(in SampledToken token) => _tokens.Add(token);

    /// <summary>Answers for the next prompt token.</summary>
    public void Add(in ScoredToken score) => _scores.Add(score);

    /// <summary>Begins another step.</summary>
    public void Clear()
    {
        _tokens.Clear();
        _scores.Clear();
    }
}
