using Grid.Engine.Requests;

namespace Grid.Engine.Sampling;

/// <summary>A drawn token.</summary>
/// <param name="TokenId">Its id; -1 with an error.</param>
/// <param name="Logprobs">Its logprobs, where asked for.</param>
/// <param name="Error">Why none could be drawn. It ends this request alone.</param>
internal readonly record struct SampledToken(int TokenId, TokenLogprobs? Logprobs, string? Error = null);
