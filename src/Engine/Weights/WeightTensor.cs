namespace Grid.Engine.Weights;

/// <summary>One tensor of a checkpoint, read in place. A row is everything after the first dimension.</summary>
/// <param name="name">Name in the checkpoint, for messages.</param>
/// <param name="shape">Dimensions; empty for a scalar.</param>
/// <param name="type">The type that loses nothing: Float32 for dequantized GGUF types.</param>
public abstract unsafe class WeightTensor(string name, long[] shape, WeightType type)
{
    /// <summary>Name in the checkpoint.</summary>
    public string Name { get; } = name;

    /// <summary>Dimensions.</summary>
    public IReadOnlyList<long> Shape { get; } = shape;

    /// <summary>Element type of the values.</summary>
    public WeightType Type { get; } = type;

    /// <summary>First dimension, 1 for a scalar.</summary>
    public long Rows { get; } = shape.Length == 0 ? 1 : shape[0];

    /// <summary>Elements of a row.</summary>
    public long RowLength { get; } = shape.Length == 0 ? 1 : shape[1..].Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary>Converts rows to float32; exact for every type.</summary>
    /// <param name="firstRow">The first row, from 0.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="destination"><c>rowCount * RowLength</c> values.</param>
    public abstract void ReadRows(long firstRow, long rowCount, Span<float> destination);

    /// <summary>
    /// Address of the contiguous little-endian elements of <see cref="Type"/> in the mapped file, valid while the source lives,
    /// or null where values have to be computed (quantized, transposed).
    /// </summary>
    public virtual byte* Data => null;

    /// <summary>Throws unless the rows exist and fit; gives the number of values.</summary>
    protected int CheckRows(long firstRow, long rowCount, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rowCount, Rows - firstRow);
        var count = checked((int)(rowCount * RowLength));
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, count, nameof(destination));
        return count;
    }
}
