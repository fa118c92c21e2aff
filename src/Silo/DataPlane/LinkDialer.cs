using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using Grid.Cluster.Security;

namespace Grid.Silo.DataPlane;

/// <summary>Opens links to other nodes over TCP, or over the Unix socket of a node on the same host.</summary>
/// <param name="tls">This node's certificate; null for plain bytes on loopback.</param>
internal sealed class LinkDialer(NodeTls? tls)
{
    /// <summary>Of the Unix socket, in words.</summary>
    public const string UnixSocket = "Unix socket";

    /// <summary>Dials and greets.</summary>
    /// <param name="endPoint">HOST:PORT of the other's data plane.</param>
    /// <param name="kind">What the link is for.</param>
    /// <param name="key">The shard; empty where none is meant.</param>
    /// <param name="patience">Until the other has answered.</param>
    /// <exception cref="IOException">It cannot be reached.</exception>
    public Stream Dial(string endPoint, LinkKind kind, string key, TimeSpan patience)
    {
        var target = IPEndPoint.Parse(endPoint);
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            Connect(socket, target, patience);
            var (stream, onThisHost) = (Secure(socket, target, patience), IsOnThisHost(socket));
            if (onThisHost && TryLocal(stream, patience) is { } local)
            {
                stream.Dispose();
                stream = local;
            }

            LinkHello.Write(stream, kind, key);
            return stream;
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException)
        {
            socket.Dispose();
            throw new IOException($"{endPoint}: {exception.Message}", exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What moves a link's bytes, in words.</summary>
    public static string TransportOf(Stream link) => link switch
    {
        SslStream => "TCP with mutual TLS",
        NetworkStream { Socket.AddressFamily: AddressFamily.Unix } => UnixSocket,
        _ => "TCP",
    };

    private static void Connect(Socket socket, IPEndPoint target, TimeSpan patience)
    {
        // The system's own patience is minutes.
        socket.ConnectAsync(target).WaitAsync(patience).GetAwaiter().GetResult();
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    private Stream Secure(Socket socket, IPEndPoint target, TimeSpan patience)
    {
        var stream = new NetworkStream(socket, ownsSocket: true) { ReadTimeout = (int)patience.TotalMilliseconds };
        if (tls is null) return stream;
        var secure = new SslStream(stream);
        secure.AuthenticateAsClient(tls.ClientOptions(target.Address.ToString()));
        return secure;
    }

    // Who dials itself is given the address that it dials.
    private static bool IsOnThisHost(Socket socket) =>
        socket is { LocalEndPoint: IPEndPoint here, RemoteEndPoint: IPEndPoint there }
        && (IPAddress.IsLoopback(there.Address) || here.Address.Equals(there.Address));

    private static NetworkStream? TryLocal(Stream link, TimeSpan patience)
    {
        LinkHello.Write(link, LinkKind.Local, "");
        var offer = LocalOffer.Read(link);
        if (offer.Path.Length == 0) return null;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(offer.Path));
            var stream = new NetworkStream(socket, ownsSocket: true) { ReadTimeout = (int)patience.TotalMilliseconds };
            stream.Write(offer.Ticket);
            var proof = new byte[LocalOffer.SecretSize];
            stream.ReadExactly(proof);
            if (CryptographicOperations.FixedTimeEquals(proof, offer.Proof)) return stream;
        }
        catch (Exception exception) when (exception is SocketException or IOException or ArgumentException)
        {
            // Another host behind the same address, or another user: the TCP link is there.
        }

        socket.Dispose();
        return null;
    }
}
