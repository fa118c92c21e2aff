using System.Net.Sockets;

namespace Grid.Engine.Parallelism.Links;

/// <summary>Links shards of one host by Unix sockets.</summary>
internal sealed class UnixTransport : IPeerTransport
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _path;

    /// <summary>Begins to listen.</summary>
    /// <param name="path">The path of the socket, which is created.</param>
    public UnixTransport(string path)
    {
        _path = path;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
    }

    public Stream Connect(string endpoint, TimeSpan timeout) => ConnectTo(endpoint, timeout);

    /// <summary>Connects without listening.</summary>
    public static Stream ConnectTo(string endpoint, TimeSpan timeout)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(endpoint));
            return Open(socket, timeout);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Stream Accept(TimeSpan timeout)
    {
        if (!_listener.Poll(timeout, SelectMode.SelectRead))
            throw new IOException($"No process connected to {_path} within {timeout.TotalSeconds:0.###} s.");
        return Open(_listener.Accept(), timeout);
    }

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(_path);
    }

    private static NetworkStream Open(Socket socket, TimeSpan timeout) =>
        new(socket, ownsSocket: true) { ReadTimeout = (int)timeout.TotalMilliseconds };
}
