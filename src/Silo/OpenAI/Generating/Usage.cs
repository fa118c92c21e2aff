namespace Grid.Silo.OpenAI.Generating;

/// <summary>Token counts of a request.</summary>
/// <param name="PromptTokens">Of all prompts, each once.</param>
/// <param name="CompletionTokens">Of all choices so far.</param>
/// <param name="CachedTokens">Prompt tokens found in the prefix cache.</param>
internal readonly record struct Usage(int PromptTokens, int CompletionTokens, int CachedTokens);
