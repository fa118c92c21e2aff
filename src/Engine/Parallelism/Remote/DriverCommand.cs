using System.Buffers;
using Grid.Engine.Parallelism.Links;

namespace Grid.Engine.Parallelism.Remote;

/// <summary>A command of the driver to a shard.</summary>
/// <param name="kind">The kind of command.</param>
/// <param name="rented">An array of the shared pool, which gets it back on disposal.</param>
/// <param name="length">The number of its bytes that belong to the command.</param>
internal sealed class DriverCommand(FrameKind kind, byte[] rented, int length) : IDisposable
{
    public FrameKind Kind => kind;

    public Span<byte> Body => rented.AsSpan(0, length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(rented);
}
