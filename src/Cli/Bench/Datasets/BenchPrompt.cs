using Grid.Client.Requests;

namespace Grid.Cli.Bench.Datasets;

/// <summary>One request of a dataset.</summary>
/// <param name="Prompt">The prompt, as text or as token ids.</param>
/// <param name="PromptTokens">What the prompt counts, as far as it is known before the server says.</param>
/// <param name="OutputTokens">How many tokens to ask for.</param>
internal sealed record BenchPrompt(Prompt Prompt, int PromptTokens, int OutputTokens);
