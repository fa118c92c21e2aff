namespace Grid.Engine.Steps;

/// <summary>One request's part of a step.</summary>
/// <param name="Start">Position of the first token to compute.</param>
/// <param name="Count">The number of tokens that the step computes.</param>
/// <param name="NumLogits">Logit rows wanted, of the last tokens.</param>
/// <param name="FirstBlock">Where its block table begins in the step's.</param>
/// <param name="NumBlocks">Blocks in its table.</param>
internal readonly record struct StepSequence(int Start, int Count, int NumLogits, int FirstBlock, int NumBlocks)
{
    /// <summary>One more than the last position.</summary>
    public int End => Start + Count;
}
