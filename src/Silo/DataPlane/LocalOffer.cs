using System.Buffers.Binary;
using System.Text;

namespace Grid.Silo.DataPlane;

/// <summary>The way to a node's Unix socket, sent to a dialler over its TCP link.</summary>
/// <param name="Path">The path of the socket; empty if there is none.</param>
/// <param name="Ticket">The dialler shows it on the socket.</param>
/// <param name="Proof">The node shows it in return.</param>
internal sealed record LocalOffer(string Path, byte[] Ticket, byte[] Proof)
{
    public const int SecretSize = 32;
    private const int MaxPath = 1024;

    public static LocalOffer None { get; } = new("", new byte[SecretSize], new byte[SecretSize]);

    public byte[] ToBytes()
    {
        var length = new byte[sizeof(int)];
        var path = Encoding.UTF8.GetBytes(Path);
        BinaryPrimitives.WriteInt32LittleEndian(length, path.Length);
        return [.. length, .. path, .. Ticket, .. Proof];
    }

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static LocalOffer Read(Stream stream)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));
        if (length is < 0 or > MaxPath) throw new InvalidDataException("It does not speak the data plane's protocol.");
        return new LocalOffer(Encoding.UTF8.GetString(Take(length)), Take(SecretSize), Take(SecretSize));

        byte[] Take(int count)
        {
            var bytes = new byte[count];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }
}
