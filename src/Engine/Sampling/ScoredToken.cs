using Grid.Engine.Requests;

namespace Grid.Engine.Sampling;

/// <summary>The logprobs of a prompt token.</summary>
/// <param name="Logprobs">Null with an error.</param>
/// <param name="Error">Why there are none. It ends this request alone.</param>
internal readonly record struct ScoredToken(TokenLogprobs? Logprobs, string? Error = null);
