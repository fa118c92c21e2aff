using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Grid.Abstractions.Nodes;
using Grid.Cluster.Security;

namespace Grid.Silo.DataPlane;

/// <summary>
/// The node's data plane (+5): links between the shards of ranks that span several nodes, and their drivers. Who dials names the shard
/// and its epoch first. Between nodes they are private (<see cref="NodeTls"/>), as every link is; nodes of one host continue over a Unix
/// socket.
/// </summary>
public sealed class DataPlaneServer : IAsyncDisposable
{
    // A driver may get its plan before the other nodes do.
    private static readonly TimeSpan EarlyBy = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, ShardSlot> _slots = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly ProbeResponder _probes = new();
    private readonly Socket _listener;
    private readonly LocalSocket? _local;
    private readonly NodeTls? _tls;
    private readonly LinkDialer _dialer;
    private readonly ILogger _logger;
    private readonly Task _accepting;

    private DataPlaneServer(Socket listener, LocalSocket? local, NodeTls? tls, ILogger logger)
    {
        (_listener, _local, _tls, _logger, _dialer) = (listener, local, tls, logger, new LinkDialer(tls));
        _accepting = Task.WhenAll(AcceptAllAsync(listener, SecureAsync),
            local is null ? Task.CompletedTask : AcceptAllAsync(local.Listener, AdmitLocalAsync));
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Listens.</summary>
    /// <param name="address">The address to listen on.</param>
    /// <param name="port">0 for a free one.</param>
    /// <param name="tls">This node's certificate; null for plain bytes on loopback.</param>
    /// <param name="dataFolder">The folder of the Unix socket for nodes of this host; null for no socket.</param>
    /// <param name="logger">The log of refusals.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static DataPlaneServer Start(IPAddress address, int port, NodeTls? tls, string? dataFolder, ILogger logger)
    {
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(address, port));
            listener.Listen();
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        return new DataPlaneServer(listener, dataFolder is null ? null : LocalSocket.Open(dataFolder, logger), tls, logger);
    }

    /// <summary>Ends all links that no shard has taken.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        _local?.Dispose();
        await _accepting;
        foreach (var slot in _slots.Values) slot.Dispose();
        _probes.Dispose();
        _stop.Dispose();
    }

    /// <summary>Measures the link to another node's data plane; a fault is part of the answer.</summary>
    /// <param name="endPoint">The address as HOST:PORT.</param>
    /// <param name="patience">The time limit of the whole exchange.</param>
    public Task<LinkSpeed> ProbeAsync(string endPoint, TimeSpan patience) =>
        LinkProbe.RunAsync(() => _dialer.Dial(endPoint, LinkKind.Probe, "", patience), patience);

    /// <summary>Adds a shard: links that name it are given to it.</summary>
    internal ShardSlot Open(string key)
    {
        var slot = _slots.GetOrAdd(key, _ => new ShardSlot());
        slot.Open();
        return slot;
    }

    /// <summary>Removes the shard.</summary>
    internal void Close(string key)
    {
        if (_slots.TryRemove(key, out var slot)) slot.Dispose();
    }

    /// <summary>Dials a shard on whatever node.</summary>
    /// <param name="kind">What the link is for.</param>
    /// <param name="readTimeout">The time limit of each read on the link.</param>
    /// <exception cref="IOException">It cannot be reached.</exception>
    internal Stream Dial(ShardAddress to, LinkKind kind, TimeSpan readTimeout)
    {
        var link = _dialer.Dial(to.EndPoint, kind, to.Key, HandshakeTimeout);
        link.ReadTimeout = (int)readTimeout.TotalMilliseconds;
        return link;
    }

    private async Task AcceptAllAsync(Socket listener, Func<Socket, CancellationToken, Task<Stream>> admit)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_stop.Token);
                _ = ReceiveAsync(socket, admit);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                if (!_stop.IsCancellationRequested) _logger.LinkNotAccepted(exception.Message);
            }
        }
    }

    private async Task ReceiveAsync(Socket socket, Func<Socket, CancellationToken, Task<Stream>> admit)
    {
        var from = socket.RemoteEndPoint is IPEndPoint peer ? peer.ToString() : "this host";
        Stream? link = null;
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            patience.CancelAfter(HandshakeTimeout);
            link = await admit(socket, patience.Token);
            var (kind, key) = await LinkHello.ReadAsync(link, patience.Token);
            if (kind == LinkKind.Local)
            {
                await link.WriteAsync((_local?.Offer ?? LocalOffer.None).ToBytes(), patience.Token);
                // It greets again where it cannot reach the socket.
                (kind, key) = await LinkHello.ReadAsync(link, patience.Token);
            }

            if (kind == LinkKind.Probe) await _probes.ServeAsync(link, _stop.Token);
            else await OfferAsync(key, kind, link);
        }
        catch (EndOfStreamException)
        {
            Drop();
        }
        catch (Exception exception)
        {
            _logger.LinkRefused(from, exception.Message);
            Drop();
        }

        void Drop()
        {
            link?.Dispose();
            socket.Dispose();
        }
    }

    private async Task<Stream> SecureAsync(Socket socket, CancellationToken cancellation)
    {
        socket.NoDelay = true;
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (_tls is null) return stream;
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(_tls.ServerOptions(socket.RemoteEndPoint?.ToString(), true, NodeRoles.Silo), cancellation);
        return secure;
    }

    private async Task<Stream> AdmitLocalAsync(Socket socket, CancellationToken cancellation)
    {
        var stream = new NetworkStream(socket, ownsSocket: true);
        await _local!.AdmitAsync(stream, cancellation);
        return stream;
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
