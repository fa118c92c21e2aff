using System.Buffers;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>One thing that a driver wants of a shard.</summary>
/// <param name="kind">What.</param>
/// <param name="rented">Of the shared pool.</param>
/// <param name="length">Bytes of it that count.</param>
internal sealed class DriverCommand(FrameKind kind, byte[] rented, int length) : IDisposable
{
    public FrameKind Kind => kind;

    public Span<byte> Body => rented.AsSpan(0, length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(rented);
}
