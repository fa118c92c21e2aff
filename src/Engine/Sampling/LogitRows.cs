namespace Grid.Engine.Sampling;

/// <summary>Logit rows of one step in host memory that the runner owns.</summary>
/// <param name="logits">First logit of the first row.</param>
/// <param name="count">The number of rows.</param>
/// <param name="vocabSize">The number of logits of a row.</param>
internal readonly unsafe struct LogitRows(float* logits, int count, int vocabSize)
{
    private readonly float* _logits = logits;

    /// <summary>Rows.</summary>
    public int Count { get; } = count;

    /// <summary>One row of float32 logits.</summary>
    public ReadOnlySpan<float> this[int row]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count);
            return new ReadOnlySpan<float>(_logits + (long)row * vocabSize, vocabSize);
        }
    }
}
