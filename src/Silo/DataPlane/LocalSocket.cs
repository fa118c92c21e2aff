using System.Net.Sockets;
using System.Security.Cryptography;

namespace Grid.Silo.DataPlane;

/// <summary>
/// The Unix socket beside the data plane's TCP port, for nodes of one host. Whoever reaches its file is on this host and of this user; that
/// it is a node of this grid is shown by the ticket, which is only sent over a TCP link that has passed mutual TLS, and that the file is
/// this node's by the proof. So the bytes need no cipher here, and a container that shares the address but not the file stays on TCP.
/// </summary>
internal sealed class LocalSocket : IDisposable
{
    private const string Folder = "run";
    private const string SocketName = "data-plane.sock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private LocalSocket(Socket listener, string path)
    {
        Listener = listener;
        Offer = new LocalOffer(path, RandomNumberGenerator.GetBytes(LocalOffer.SecretSize),
            RandomNumberGenerator.GetBytes(LocalOffer.SecretSize));
    }

    public Socket Listener { get; }

    /// <summary>What a dialler on this host is sent.</summary>
    public LocalOffer Offer { get; }

    /// <summary>Listens in a data folder, which is one process's own; null where it cannot, and links stay on TCP.</summary>
    public static LocalSocket? Open(string dataFolder, ILogger logger)
    {
        // There the file's rights would not keep others out.
        if (OperatingSystem.IsWindows()) return null;
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(dataFolder, Folder), OwnerOnly | UnixFileMode.UserExecute);
            folder.UnixFileMode = OwnerOnly | UnixFileMode.UserExecute;
            var path = Path.Combine(folder.FullName, SocketName);
            // Left by a process that was killed.
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, OwnerOnly);
            listener.Listen();
            return new LocalSocket(listener, path);
        }
        catch (Exception exception) when (exception is IOException or SocketException or UnauthorizedAccessException or ArgumentException)
        {
            listener.Dispose();
            logger.LocalLinksOverTcp(dataFolder, exception.Message);
            return null;
        }
    }

    /// <summary>Takes who shows the ticket.</summary>
    /// <exception cref="InvalidDataException">It is another.</exception>
    public async Task AdmitAsync(Stream stream, CancellationToken cancellation)
    {
        var shown = new byte[LocalOffer.SecretSize];
        await stream.ReadExactlyAsync(shown, cancellation);
        if (!CryptographicOperations.FixedTimeEquals(shown, Offer.Ticket))
            throw new InvalidDataException("It does not have the ticket of this process.");
        await stream.WriteAsync(Offer.Proof, cancellation);
    }

    public void Dispose()
    {
        Listener.Dispose();
        File.Delete(Offer.Path);
    }
}
