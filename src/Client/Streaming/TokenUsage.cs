namespace Grid.Client.Streaming;

/// <summary>Tokens of a request.</summary>
/// <param name="PromptTokens">Of the prompt.</param>
/// <param name="CompletionTokens">Of all choices.</param>
/// <param name="TotalTokens">Both.</param>
public sealed record TokenUsage(int PromptTokens, int CompletionTokens, int TotalTokens);
