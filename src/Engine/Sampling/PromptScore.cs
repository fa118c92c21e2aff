namespace Grid.Engine.Sampling;

/// <summary>One prompt token whose logprobs are wanted.</summary>
/// <param name="Request">Index of the request in the step.</param>
/// <param name="Row">The logit row of the token before it.</param>
/// <param name="TokenId">The id in the prompt.</param>
/// <param name="NumLogprobs">Most likely ids to report with it; -1 for the whole vocabulary.</param>
internal readonly record struct PromptScore(int Request, int Row, int TokenId, int NumLogprobs);
