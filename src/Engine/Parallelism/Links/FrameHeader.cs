using System.Buffers.Binary;

namespace Grid.Engine.Parallelism.Links;

/// <summary>The 24 bytes before the body of each frame.</summary>
/// <param name="Kind">What the frame carries.</param>
/// <param name="Epoch">The epoch of the plan. Frames of another are refused: they come from a process that the grid has given up.</param>
/// <param name="Sequence">The number of the frame within the link and direction, counted from 0.</param>
/// <param name="Length">Bytes of the body.</param>
internal readonly record struct FrameHeader(FrameKind Kind, long Epoch, long Sequence, int Length)
{
    /// <summary>The size of a header in bytes.</summary>
    public const int Size = 24;

    private const uint Magic = 0x31474446;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic ^ ((uint)Kind << 24));
        BinaryPrimitives.WriteInt64LittleEndian(destination[4..], Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(destination[12..], Sequence);
        BinaryPrimitives.WriteInt32LittleEndian(destination[20..], Length);
    }

    /// <exception cref="InvalidDataException">These are not the bytes of a header.</exception>
    public static FrameHeader Read(ReadOnlySpan<byte> source)
    {
        var word = BinaryPrimitives.ReadUInt32LittleEndian(source) ^ Magic;
        var length = BinaryPrimitives.ReadInt32LittleEndian(source[20..]);
        if ((word & 0xFFFFFF) != 0 || length < 0)
            throw new InvalidDataException("The other side does not speak the data plane's protocol.");
        var (epoch, sequence) = (BinaryPrimitives.ReadInt64LittleEndian(source[4..]), BinaryPrimitives.ReadInt64LittleEndian(source[12..]));
        return new FrameHeader((FrameKind)(word >> 24), epoch, sequence, length);
    }
}
