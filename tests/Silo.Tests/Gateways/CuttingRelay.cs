using System.Net;
using System.Net.Sockets;

namespace Grid.Silo.Tests.Gateways;

/// <summary>A TCP relay to a server that breaks a connection after so many bytes of its answers.</summary>
internal sealed class CuttingRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accept;
    private readonly IPEndPoint _target;

    public CuttingRelay(IPEndPoint target)
    {
        _target = target;
        _listener.Start();
        _accept = AcceptAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <summary>Bytes that a connection may bring back.</summary>
    public int CutAfter { get; set; } = int.MaxValue;

    /// <summary>Connections that were broken.</summary>
    public int NumCut { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accept.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested) _ = RelayAsync(await _listener.AcceptTcpClientAsync(_end.Token), CutAfter);
    }

    private async Task RelayAsync(TcpClient client, int cutAfter)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(_target, _end.Token);
                await Task.WhenAny(CopyAsync(client, server, int.MaxValue), CopyAsync(server, client, cutAfter));
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // Broken, as it is meant to be.
            }
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, int limit)
    {
        var buffer = new byte[4096];
        while (limit > 0)
        {
            var count = await from.GetStream().ReadAsync(buffer, _end.Token);
            if (count == 0) return;
            await to.GetStream().WriteAsync(buffer.AsMemory(0, Math.Min(count, limit)), _end.Token);
            limit -= count;
        }

        NumCut++;
    }
}
