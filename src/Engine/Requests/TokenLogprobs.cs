namespace Grid.Engine.Requests;

/// <summary>Log probabilities at one position, of the raw logits (before penalties and temperature).</summary>
/// <param name="TokenId">The id at this position.</param>
/// <param name="Logprob">The natural logarithm of the probability of the token.</param>
/// <param name="Rank">1 for the most likely id.</param>
/// <param name="Top">The most likely ids, best first; ties by lowest id.</param>
public sealed record TokenLogprobs(int TokenId, float Logprob, int Rank, IReadOnlyList<TokenLogprob> Top);

/// <summary>An id and its log probability.</summary>
/// <param name="Logprob">The natural logarithm of the probability of the token.</param>
public readonly record struct TokenLogprob(int TokenId, float Logprob);
