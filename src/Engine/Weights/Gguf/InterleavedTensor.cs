using Grid.Engine.Configuration;

namespace Grid.Engine.Weights.Gguf;

/// <summary>
/// Query or key rows in Hugging Face's order. For architecture llama the file has the two halves of a head interleaved:
/// row 2i is dimension i, row 2i + 1 its partner in the rotation, dimension i + head_dim / 2.
/// </summary>
internal sealed class InterleavedTensor : WeightTensor
{
    private readonly WeightTensor _inner;
    private readonly int _headDim;

    public InterleavedTensor(string name, WeightTensor inner, int headDim) : base(name, [.. inner.Shape], inner.Type)
    {
        if (inner.Rows % headDim != 0)
            throw new ModelLoadException($"Tensor {name} must have a multiple of head_dim ({headDim}) rows; got {inner.Rows}.");
        _inner = inner;
        _headDim = headDim;
    }

    public override void ReadRows(long firstRow, long rowCount, Span<float> destination)
    {
        CheckRows(firstRow, rowCount, destination);
        var length = (int)RowLength;
        for (var row = 0; row < rowCount; row++) _inner.ReadRows(RowInFile(firstRow + row), 1, destination.Slice(row * length, length));
    }

    private long RowInFile(long row)
    {
        var (head, dimension) = Math.DivRem(row, _headDim);
        var (half, pair) = Math.DivRem(dimension, _headDim / 2);
        return head * _headDim + 2 * pair + half;
    }
}
