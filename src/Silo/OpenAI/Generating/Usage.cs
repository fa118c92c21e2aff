namespace Grid.Silo.OpenAI.Generating;

/// <summary>Token counts of a request.</summary>
/// <param name="PromptTokens">The number of tokens of all prompts, each counted once.</param>
/// <param name="CompletionTokens">The number of tokens of all choices so far.</param>
/// <param name="CachedTokens">Prompt tokens found in the prefix cache.</param>
internal readonly record struct Usage(int PromptTokens, int CompletionTokens, int CachedTokens);
