using System.Net;
using System.Net.Sockets;

namespace Grid.TestUtilities.Network;

/// <summary>
/// A TCP relay between two processes, whose links can be made to fail: stalled (bytes wait, both ends stay open), half-closed, dropped,
/// refused. It listens on a free loopback port, or where it is told to.
/// </summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly List<RelayLink> _links = [];
    private readonly RelayGate _gate = new();
    private readonly IPEndPoint _target;
    private readonly Task _accepting;
    private volatile bool _refusing;
    private long _bytes;

    /// <param name="target">Where links go on to.</param>
    /// <param name="listen">Where clients dial; null: a free loopback port.</param>
    public TcpRelay(IPEndPoint target, IPEndPoint? listen = null)
    {
        _target = target;
        _listener = new TcpListener(listen ?? new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What clients dial.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Links that are open now.</summary>
    public int Links
    {
        get
        {
            lock (_links) return _links.Count;
        }
    }

    /// <summary>Bytes carried so far, both ways.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Holds all bytes of present and new links, as a cut cable does.</summary>
    public void Stall() => _gate.Close();

    /// <summary>Carries bytes again, the held ones first, and takes new links.</summary>
    public void Resume()
    {
        _refusing = false;
        _gate.Open();
    }

    /// <summary>Ends the direction to the clients; what they send still arrives.</summary>
    public void HalfClose() => Each(link => link.HalfClose());

    /// <summary>Resets all links (RST at both ends); new ones are taken.</summary>
    public void Drop() => Each(link => link.Reset());

    /// <summary>Resets all links, and every new one until <see cref="Resume"/>.</summary>
    public void Cut()
    {
        _refusing = true;
        Drop();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        Drop();
        _gate.Open();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = CarryAsync(await _listener.AcceptSocketAsync(_end.Token));
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The relay ends: a listener that is stopped between two calls says so by one of these.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var link = new RelayLink(client, _gate, count => Interlocked.Add(ref _bytes, count));
        lock (_links) _links.Add(link);
        try
        {
            if (_refusing) link.Reset();
            else await link.CarryAsync(_target, _end.Token);
        }
        finally
        {
            lock (_links) _links.Remove(link);
        }
    }

    private void Each(Action<RelayLink> act)
    {
        RelayLink[] links;
        lock (_links) links = [.. _links];
        foreach (var link in links) act(link);
    }
}
