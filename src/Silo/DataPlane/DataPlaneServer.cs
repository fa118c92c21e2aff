using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Grid.Cluster.Security;

namespace Grid.Silo.DataPlane;

/// <summary>
/// The node's data plane (+5): links between the shards of ranks that stand on several nodes, and their drivers. Who dials names the shard and its
/// epoch first. Between nodes they are private (<see cref="NodeTls"/>), as every link is.
/// </summary>
public sealed class DataPlaneServer : IAsyncDisposable
{
    // A driver may be told of its plan before the other nodes are.
    private static readonly TimeSpan EarlyBy = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);
    private const int MaxHello = 1024;

    private readonly ConcurrentDictionary<string, ShardSlot> _slots = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener;
    private readonly NodeTls? _tls;
    private readonly ILogger _logger;
    private readonly Task _accepting;

    private DataPlaneServer(TcpListener listener, NodeTls? tls, ILogger logger)
    {
        (_listener, _tls, _logger) = (listener, tls, logger);
        _accepting = AcceptAllAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Listens.</summary>
    /// <param name="address">Where.</param>
    /// <param name="port">0 for a free one.</param>
    /// <param name="tls">Null: plain bytes, on loopback.</param>
    /// <param name="logger">Told of refusals.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static DataPlaneServer Start(IPAddress address, int port, NodeTls? tls, ILogger logger)
    {
        var listener = new TcpListener(address, port);
        listener.Start();
        return new DataPlaneServer(listener, tls, logger);
    }

    /// <summary>Ends all links that no shard has taken.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        foreach (var slot in _slots.Values) slot.Dispose();
        _stop.Dispose();
    }

    /// <summary>A shard is here: links that name it are its own.</summary>
    internal ShardSlot Open(string key)
    {
        var slot = _slots.GetOrAdd(key, _ => new ShardSlot());
        slot.Open();
        return slot;
    }

    /// <summary>It has gone.</summary>
    internal void Close(string key)
    {
        if (_slots.TryRemove(key, out var slot)) slot.Dispose();
    }

    /// <summary>Dials a shard on whatever node.</summary>
    /// <param name="to">The shard.</param>
    /// <param name="kind">What for.</param>
    /// <param name="readTimeout">Of each read on the link.</param>
    /// <exception cref="IOException">It cannot be reached.</exception>
    internal Stream Dial(ShardAddress to, LinkKind kind, TimeSpan readTimeout)
    {
        var target = IPEndPoint.Parse(to.EndPoint);
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(target);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            Stream stream = new NetworkStream(socket, ownsSocket: true) { ReadTimeout = (int)HandshakeTimeout.TotalMilliseconds };
            if (_tls is not null)
            {
                var secure = new SslStream(stream);
                secure.AuthenticateAsClient(_tls.ClientOptions(target.Address.ToString()));
                stream = secure;
            }

            var key = Encoding.UTF8.GetBytes(to.Key);
            var hello = new byte[5 + key.Length];
            hello[0] = (byte)kind;
            BinaryPrimitives.WriteInt32LittleEndian(hello.AsSpan(1), key.Length);
            key.CopyTo(hello, 5);
            stream.Write(hello);
            stream.Flush();
            stream.ReadTimeout = (int)readTimeout.TotalMilliseconds;
            return stream;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException($"{to.EndPoint}: {exception.Message}", exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AcceptAllAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                _ = ReceiveAsync(socket);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                if (!_stop.IsCancellationRequested) _logger.LogWarning("The data plane could not accept a link: {Reason}", exception.Message);
            }
        }
    }

    private async Task ReceiveAsync(Socket socket)
    {
        var from = socket.RemoteEndPoint?.ToString();
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            socket.NoDelay = true;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            patience.CancelAfter(HandshakeTimeout);
            if (_tls is not null)
            {
                var secure = new SslStream(stream);
                stream = secure;
                await secure.AuthenticateAsServerAsync(_tls.ServerOptions(from), patience.Token);
            }

            var head = new byte[5];
            await stream.ReadExactlyAsync(head, patience.Token);
            var (kind, length) = ((LinkKind)head[0], BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(1)));
            if (kind is not (LinkKind.Control or LinkKind.Peer) || length is < 1 or > MaxHello) throw new InvalidDataException("It does not speak the data plane's protocol.");
            var key = new byte[length];
            await stream.ReadExactlyAsync(key, patience.Token);
            await OfferAsync(Encoding.UTF8.GetString(key), kind, stream);
        }
        catch (Exception exception)
        {
            _logger.LogWarning("A data plane link from {Peer} was refused: {Reason}", from, exception.Message);
            await stream.DisposeAsync();
        }
    }

    private async Task OfferAsync(string key, LinkKind kind, Stream stream)
    {
        var slot = _slots.GetOrAdd(key, _ => new ShardSlot());
        try
        {
            await slot.Opened.WaitAsync(EarlyBy, _stop.Token);
        }
        catch (TimeoutException)
        {
            Close(key);
            throw new InvalidDataException($"Shard {key} is not placed here.");
        }

        slot.Offer(kind, stream);
    }
}
