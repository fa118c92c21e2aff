using Grid.Engine.Requests;

namespace Grid.Engine.Sampling;

/// <summary>One token to draw.</summary>
/// <param name="Request">Index of the request in the step.</param>
/// <param name="Row">Its logit row in the step.</param>
/// <param name="State">
/// Parameters, counts for penalties, and the place in the sequence of random numbers. It stays as it is until the step is collected.
/// </param>
/// <param name="Mask">The only ids that may be drawn; null: all.</param>
/// <param name="NumLogprobs">Most likely ids to report with the drawn one, -1 for the whole vocabulary; null: no logprobs.</param>
internal readonly record struct TokenDraw(int Request, int Row, SamplingState State, TokenMask? Mask, int? NumLogprobs);
