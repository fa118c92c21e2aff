using Grid.Engine.Steps;
using static TorchSharp.torch;

namespace Grid.Engine.Attention;

/// <summary>One step as the model sees it.</summary>
/// <param name="TokenIds">int64, a token a row.</param>
/// <param name="Positions">int64, each token's position in its request.</param>
/// <param name="NumPositions">One more than the largest of them.</param>
/// <param name="Attention">Prepared for the step.</param>
/// <param name="Progress">Ticks after each layer.</param>
internal readonly record struct ForwardContext(
    Tensor TokenIds, Tensor Positions, int NumPositions, IAttentionBackend Attention, StepProgress Progress);
