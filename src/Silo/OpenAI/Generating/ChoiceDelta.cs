using Grid.Engine.Outputs;

namespace Grid.Silo.OpenAI.Generating;

/// <summary>What one choice of a request has gained.</summary>
/// <param name="Index">The choice among all of the request: prompt x n + its number.</param>
/// <param name="Delta">The gain.</param>
internal readonly record struct ChoiceDelta(int Index, OutputDelta Delta);
