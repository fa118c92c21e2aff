using System.Net;
using System.Net.Sockets;

namespace Grid.TestUtilities.Network;

/// <summary>One client's connection through a relay.</summary>
internal sealed class RelayLink(Socket client, RelayGate gate, Action<int> count) : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private Socket? _target;
    private volatile bool _halfClosed;

    public async Task CarryAsync(IPEndPoint target, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _end.Token);
        try
        {
            await gate.PassAsync(either.Token);
            _target = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            client.NoDelay = true;
            await _target.ConnectAsync(target, either.Token);
            await Task.WhenAll(PumpAsync(client, _target, either.Token), PumpAsync(_target, client, either.Token));
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            Reset();
        }
    }

    public void HalfClose()
    {
        _halfClosed = true;
        try
        {
            client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }

    /// <summary>Closes both ends with a reset.</summary>
    public void Reset()
    {
        foreach (var socket in (Socket?[])[client, _target]) socket?.Close(timeout: 0);
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The link is over.
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _target?.Dispose();
        _end.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, cancellation) is > 0 and var read)
            {
                await gate.PassAsync(cancellation);
                await SendAsync(to, buffer.AsMemory(0, read), cancellation);
            }

            await gate.PassAsync(cancellation);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // One end was reset: so is the other.
            Reset();
        }
    }

    /// <summary>Sends; what goes to a half-closed client is lost.</summary>
    private async ValueTask SendAsync(Socket to, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (_halfClosed && to == client) return;
        try
        {
            for (var sent = 0; sent < bytes.Length;) sent += await to.SendAsync(bytes[sent..], cancellation);
            count(bytes.Length);
        }
        catch (SocketException) when (_halfClosed && to == client)
        {
            // Closed while it was sent.
        }
    }
}
