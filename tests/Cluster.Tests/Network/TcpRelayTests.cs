using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Grid.TestUtilities.Network;
using Grid.TestUtilities.Waiting;

namespace Grid.Cluster.Tests.Network;

public sealed class TcpRelayTests : IAsyncLifetime
{
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private TcpRelay _relay = null!;
    private Socket _client = null!, _accepted = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server.Start();
        _relay = new TcpRelay((IPEndPoint)_server.LocalEndpoint);
        (_client, _accepted) = await ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _server.Dispose();
        _client.Dispose();
        _accepted.Dispose();
    }

    [Fact]
    public async Task Carry_BothWays_CountsBytes()
    {
        await _client.SendAsync("ping"u8.ToArray(), Cancellation);
        Assert.Equal("ping", await ReadAsync(_accepted, 4));
        await _accepted.SendAsync("pong!"u8.ToArray(), Cancellation);
        Assert.Equal("pong!", await ReadAsync(_client, 5));
        await UntilAsync(() => _relay.Bytes == 9);
        Assert.Equal(1, _relay.Links);
    }

    [Fact]
    public async Task Stall_ThenResume_LosesNothing()
    {
        _relay.Stall();
        await _client.SendAsync("held"u8.ToArray(), Cancellation);
        var reading = ReadAsync(_accepted, 4);
        await Assert.ThrowsAsync<TimeoutException>(() => reading.WaitAsync(TimeSpan.FromMilliseconds(200), Cancellation));
        Assert.Equal(1, _relay.Links);
        _relay.Resume();
        Assert.Equal("held", await reading);
    }

    [Fact]
    public async Task HalfClose_ClientReadsTheEnd_AndIsStillHeard()
    {
        _relay.HalfClose();
        Assert.Equal("", await ReadAsync(_client, 1));
        await _client.SendAsync("late"u8.ToArray(), Cancellation);
        Assert.Equal("late", await ReadAsync(_accepted, 4));
        await _accepted.SendAsync("lost"u8.ToArray(), Cancellation);
        await _client.SendAsync("more"u8.ToArray(), Cancellation);
        Assert.Equal("more", await ReadAsync(_accepted, 4));
    }

    [Fact]
    public async Task Drop_BothEndsAreReset_AndNewLinksWork()
    {
        _relay.Drop();
        await Assert.ThrowsAsync<SocketException>(() => ReadAsync(_client, 1));
        await Assert.ThrowsAsync<SocketException>(() => ReadAsync(_accepted, 1));
        await UntilAsync(() => _relay.Links == 0);
        var (client, accepted) = await ConnectAsync();
        using (client)
        using (accepted)
        {
            await client.SendAsync("new"u8.ToArray(), Cancellation);
            Assert.Equal("new", await ReadAsync(accepted, 3));
        }
    }

    [Fact]
    public async Task Cut_NewLinksToo_UntilResume()
    {
        _relay.Cut();
        using var refused = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await refused.ConnectAsync(_relay.EndPoint, Cancellation);
            await ReadAsync(refused, 1);
        });
        _relay.Resume();
        var (client, accepted) = await ConnectAsync();
        client.Dispose();
        accepted.Dispose();
    }

    private async Task<(Socket Client, Socket Accepted)> ConnectAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(_relay.EndPoint, Cancellation);
        return (client, await _server.AcceptSocketAsync(Cancellation));
    }

    private static async Task<string> ReadAsync(Socket socket, int bytes)
    {
        var buffer = new byte[bytes];
        var length = 0;
        while (length < bytes && await socket.ReceiveAsync(buffer.AsMemory(length), Cancellation) is > 0 and var read) length += read;
        return System.Text.Encoding.ASCII.GetString(buffer, 0, length);
    }

    private static Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Eventually.HoldsAsync(condition, what, TimeSpan.FromSeconds(10), Cancellation);
}
