namespace Grid.Client.Streaming;

/// <summary>Tokens of a request.</summary>
/// <param name="PromptTokens">The number of tokens of the prompt.</param>
/// <param name="CompletionTokens">The number of tokens of all choices.</param>
/// <param name="TotalTokens">The sum of prompt and completion tokens.</param>
public sealed record TokenUsage(int PromptTokens, int CompletionTokens, int TotalTokens);
