using System.Buffers.Binary;
using System.Text;

namespace Grid.Silo.DataPlane;

/// <summary>The first bytes of a link: what it is for, and which shard is meant.</summary>
internal static class LinkHello
{
    private const int HeadSize = 5;
    private const int MaxKey = 1024;

    public static void Write(Stream stream, LinkKind kind, string key)
    {
        var hello = new byte[HeadSize + Encoding.UTF8.GetByteCount(key)];
        hello[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(hello.AsSpan(1), hello.Length - HeadSize);
        Encoding.UTF8.GetBytes(key, hello.AsSpan(HeadSize));
        stream.Write(hello);
        stream.Flush();
    }

    /// <exception cref="InvalidDataException">It is no such greeting.</exception>
    public static async Task<(LinkKind Kind, string Key)> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new byte[HeadSize];
        await stream.ReadExactlyAsync(head, cancellation);
        var (kind, length) = ((LinkKind)head[0], BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(1)));
        var named = kind is LinkKind.Control or LinkKind.Peer;
        if (!Enum.IsDefined(kind) || length > MaxKey || (named ? length < 1 : length != 0))
            throw new InvalidDataException("It does not speak the data plane's protocol.");
        var key = new byte[length];
        await stream.ReadExactlyAsync(key, cancellation);
        return (kind, Encoding.UTF8.GetString(key));
    }
}
