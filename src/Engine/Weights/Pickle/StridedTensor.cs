using System.Buffers;
using System.Runtime.CompilerServices;

namespace Grid.Engine.Weights.Pickle;

/// <summary>
/// A view whose elements do not follow each other, such as a transposed one; every element is known to lie within the file.
/// </summary>
internal sealed unsafe class StridedTensor(string name, long[] shape, long[] strides, WeightType type, byte* data)
    : WeightTensor(name, shape, type)
{
    private readonly long[] _shape = shape;
    private readonly int _elementSize = ElementConversion.SizeOf(type);

    public override void ReadRows(long firstRow, long rowCount, Span<float> destination)
    {
        var count = CheckRows(firstRow, rowCount, destination);
        if (count == 0) return;
        var rowLength = (int)RowLength;
        var buffer = ArrayPool<byte>.Shared.Rent(checked(rowLength * _elementSize));
        try
        {
            var row = buffer.AsSpan(0, rowLength * _elementSize);
            for (var i = 0; i < rowCount; i++)
            {
                var written = 0;
                Gather(1, (firstRow + i) * (strides.Length == 0 ? 0 : strides[0]), row, ref written);
                ElementConversion.ToSingle(row, Type, destination.Slice(i * rowLength, rowLength));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Gather(int dimension, long element, Span<byte> row, ref int written)
    {
        if (dimension >= _shape.Length)
        {
            Unsafe.CopyBlockUnaligned(ref row[written], ref *(data + element * _elementSize), (uint)_elementSize);
            written += _elementSize;
            return;
        }
        for (var i = 0L; i < _shape[dimension]; i++) Gather(dimension + 1, element + i * strides[dimension], row, ref written);
    }
}
