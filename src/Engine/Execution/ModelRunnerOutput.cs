namespace Grid.Engine.Execution;

/// <summary>Logit rows of one step in memory that the runner owns.</summary>
/// <param name="logits">First logit of the first row.</param>
/// <param name="rows">Rows.</param>
/// <param name="vocabSize">Logits a row.</param>
public readonly unsafe struct ModelRunnerOutput(float* logits, int rows, int vocabSize)
{
    private readonly float* _logits = logits;

    /// <summary>Rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>One row of float32 logits.</summary>
    public ReadOnlySpan<float> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows);
        return new ReadOnlySpan<float>(_logits + (long)row * vocabSize, vocabSize);
    }
}
