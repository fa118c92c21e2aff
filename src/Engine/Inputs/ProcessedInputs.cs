using Grid.Engine.Requests;

namespace Grid.Engine.Inputs;

/// <summary>One prompt, ready for the engine.</summary>
/// <param name="RequestId">Id of the whole; the choices are <c>ID-0</c>, <c>ID-1</c>, ...</param>
/// <param name="Prompt">The prompt's text, or null where ids were given.</param>
/// <param name="PromptTokenIds">The prompt's ids, at least one.</param>
/// <param name="Sampling">As used: the seed is drawn, <c>MaxTokens</c> is a number.</param>
/// <param name="Requests">One for each choice, in order; to be submitted together.</param>
public sealed record ProcessedInputs(
    string RequestId, string? Prompt, int[] PromptTokenIds, SamplingParams Sampling, IReadOnlyList<EngineRequest> Requests);
