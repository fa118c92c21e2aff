using Grid.Engine.Requests;

namespace Grid.Engine.Scheduling;

/// <summary>What one request computes in one step: positions <c>[NumComputedTokens, NumComputedTokens + NumScheduledTokens)</c>.</summary>
/// <param name="Request">Its tokens and block table; the runner only reads them.</param>
/// <param name="NumComputedTokens">Position of the first token to compute.</param>
/// <param name="NumScheduledTokens">Tokens to compute, at least one.</param>
/// <param name="NumLogits">
/// Logit rows wanted, of the last tokens of the chunk: 0 in the middle of a prompt, 1 to draw, more for prompt_logprobs.
/// </param>
internal readonly record struct ScheduledRequest(Request Request, int NumComputedTokens, int NumScheduledTokens, int NumLogits);
