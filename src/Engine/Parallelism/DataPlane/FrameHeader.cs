using System.Buffers.Binary;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>Before the bytes of each frame: kind, epoch of the plan, sequence within the link, and length.</summary>
/// <param name="Kind">What it carries.</param>
/// <param name="Epoch">Frames of another epoch are refused: they come from a process that the grid has given up.</param>
/// <param name="Sequence">From 0, by one.</param>
/// <param name="Length">Bytes that follow.</param>
internal readonly record struct FrameHeader(FrameKind Kind, long Epoch, long Sequence, int Length)
{
    /// <summary>Bytes of a header.</summary>
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
        if ((word & 0xFFFFFF) != 0 || length < 0) throw new InvalidDataException("The other side does not speak the data plane's frames.");
        return new FrameHeader((FrameKind)(word >> 24), BinaryPrimitives.ReadInt64LittleEndian(source[4..]), BinaryPrimitives.ReadInt64LittleEndian(source[12..]), length);
    }
}
