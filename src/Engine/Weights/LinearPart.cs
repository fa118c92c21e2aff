using Grid.Engine.Geometry;

namespace Grid.Engine.Weights;

/// <summary>Where some of a linear's outputs come from in the checkpoint.</summary>
/// <param name="Name">Name without <c>.weight</c> and <c>.bias</c>.</param>
/// <param name="Outputs">Number of outputs of the tensor in the checkpoint.</param>
/// <param name="Rows">The outputs that this shard takes.</param>
/// <param name="Transposed">Whether the checkpoint has [in, out] (GPT-2's Conv1D).</param>
internal readonly record struct LinearPart(string Name, int Outputs, Slice Rows, bool Transposed = false);
