using Grid.Engine.Sampling;

namespace Grid.Engine.Execution;

/// <summary>What a runner made of one step.</summary>
/// <param name="Sampled">The answers to the step's <see cref="SamplingBatch"/>.</param>
/// <param name="Logits">
/// The rows they were made from: for each scheduled request in order its <c>NumLogits</c> rows. Empty where a runner draws on its device.
/// </param>
internal readonly record struct ModelRunnerOutput(SamplerOutput Sampled, LogitRows Logits);
