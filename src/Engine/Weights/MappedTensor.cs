namespace Grid.Engine.Weights;

/// <summary>A contiguous tensor in a mapped file; the bytes are known to lie within it.</summary>
internal sealed unsafe class MappedTensor(string name, long[] shape, WeightType type, byte* data) : WeightTensor(name, shape, type)
{
    private readonly int _elementSize = ElementConversion.SizeOf(type);

    public override byte* Data { get; } = data;

    public override void ReadRows(long firstRow, long rowCount, Span<float> destination)
    {
        var count = CheckRows(firstRow, rowCount, destination);
        var source = new ReadOnlySpan<byte>(Data + firstRow * RowLength * _elementSize, checked(count * _elementSize));
        ElementConversion.ToSingle(source, Type, destination[..count]);
    }
}
