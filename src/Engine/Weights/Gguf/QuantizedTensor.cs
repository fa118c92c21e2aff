using Grid.Engine.Weights.Gguf.Quants;

namespace Grid.Engine.Weights.Gguf;

/// <summary>A tensor of quantized blocks; rows are dequantized as they are read.</summary>
internal sealed unsafe class QuantizedTensor(string name, long[] shape, BlockFormat format, byte* data)
    : WeightTensor(name, shape, WeightType.Float32)
{
    private const int BlocksAWorker = 4096;

    public override void ReadRows(long firstRow, long rowCount, Span<float> destination)
    {
        var blocks = CheckRows(firstRow, rowCount, destination) / format.Elements;
        var source = data + firstRow * RowLength / format.Elements * format.Bytes;
        if (blocks < 2 * BlocksAWorker)
        {
            Decode(source, blocks, destination);
            return;
        }
        fixed (float* pinned = destination)
        {
            var target = pinned;
            Parallel.For(0, (blocks + BlocksAWorker - 1) / BlocksAWorker, worker =>
            {
                var first = worker * BlocksAWorker;
                var count = Math.Min(BlocksAWorker, blocks - first);
                Decode(source + (long)first * format.Bytes, count,
                    new Span<float>(target + (long)first * format.Elements, count * format.Elements));
            });
        }
    }

    private void Decode(byte* source, int blocks, Span<float> destination)
    {
        for (var block = 0; block < blocks; block++)
            format.Decode(new ReadOnlySpan<byte>(source + (long)block * format.Bytes, format.Bytes),
                destination.Slice(block * format.Elements, format.Elements));
    }
}
