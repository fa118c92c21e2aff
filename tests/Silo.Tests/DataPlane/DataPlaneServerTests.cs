using System.Net;
using System.Net.Sockets;
using Grid.Abstractions.Nodes;
using Grid.Cluster.Joining;
using Grid.Cluster.Security;
using Grid.Silo.DataPlane;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Silo.Tests.DataPlane;

public sealed class DataPlaneServerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _root = Directory.CreateTempSubdirectory("grid-plane-").FullName;
    private DataPlaneServer _here = null!;

    private string Socket => Path.Combine(_root, "there", "run", "data-plane.sock");

    public ValueTask InitializeAsync()
    {
        _here = Start(null, null);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Probe_OfANodeOnThisHost_GoesOverItsUnixSocket()
    {
        await using var there = Start(null, "there");

        var speed = await ProbeAsync(there);

        Assert.Equal("Unix socket", speed.Transport);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(Socket).UnixFileMode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            new FileInfo(Socket).Directory!.UnixFileMode);
    }

    [Fact]
    public async Task Probe_OfANodeWithoutASocket_GoesOverTcp()
    {
        await using var there = Start(null, null);

        Assert.Equal("TCP", (await ProbeAsync(there)).Transport);
    }

    [Fact]
    public async Task Probe_TheSocketsFileIsNotHere_GoesOverTcp()
    {
        await using var there = Start(null, "there");
        File.Delete(Socket);

        Assert.Equal("TCP", (await ProbeAsync(there)).Transport);
    }

    [Fact]
    public async Task Probe_TheSocketIsAnotherProcesss_GoesOverTcp()
    {
        await using var there = Start(null, "there");
        await using var other = Start(null, "other");
        File.Move(Path.Combine(_root, "other", "run", "data-plane.sock"), Socket, overwrite: true);

        Assert.Equal("TCP", (await ProbeAsync(there)).Transport);
    }

    [Fact]
    public async Task Probe_NodesWithCertificates_GoOverMutualTlsOrTheSocket()
    {
        var head = HeadSecurity.Open(Path.Combine(_root, "head"), "head", "127.0.0.1", [NodeRoles.Silo], TimeProvider.System,
            NullLoggerFactory.Instance);
        await using var here = Start(head.Tls, null);
        await using var there = Start(head.Tls, "there");

        Assert.Equal("TCP with mutual TLS", (await here.ProbeAsync(here.EndPoint.ToString(), Patience)).Transport);
        Assert.Equal("Unix socket", (await here.ProbeAsync(there.EndPoint.ToString(), Patience)).Transport);

        var stranger = HeadSecurity.Open(Path.Combine(_root, "stranger"), "stranger", "127.0.0.1", [NodeRoles.Silo], TimeProvider.System,
            NullLoggerFactory.Instance);
        await using var outside = Start(stranger.Tls, null);
        Assert.NotNull((await outside.ProbeAsync(there.EndPoint.ToString(), Patience)).Error);
    }

    [Fact]
    public async Task Socket_WithoutTheTicket_IsClosed()
    {
        await using var there = Start(null, "there");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), TestContext.Current.CancellationToken);
        await socket.SendAsync(new byte[32], TestContext.Current.CancellationToken);

        Assert.Equal(0, await socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Start_AfterAProcessThatWasKilled_TakesItsSocketOver()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Socket)!);
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)) dead.Bind(
            new UnixDomainSocketEndPoint(Socket));
        if (!File.Exists(Socket)) await File.WriteAllTextAsync(Socket, "", TestContext.Current.CancellationToken);

        await using var there = Start(null, "there");

        Assert.Equal("Unix socket", (await ProbeAsync(there)).Transport);
    }

    [Fact]
    public async Task Start_AFolderWhosePathIsTooLongForASocket_StaysOnTcp()
    {
        await using var there = Start(null, new string('x', 120));

        Assert.Equal("TCP", (await ProbeAsync(there)).Transport);
    }

    [Fact]
    public async Task Probe_OfNobody_SaysWhy()
    {
        string gone;
        await using (var there = Start(null, null)) gone = there.EndPoint.ToString();

        var speed = await _here.ProbeAsync(gone, Patience);

        Assert.Contains(gone, speed.Error);
        Assert.Null(speed.Transport);
    }

    [Fact]
    public async Task Probe_OfWhoeverDoesNotAnswer_EndsInTime()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        var speed = await _here.ProbeAsync(silent.LocalEndpoint.ToString()!, TimeSpan.FromMilliseconds(200));

        Assert.NotNull(speed.Error);
    }

    private static async Task<LinkSpeed> Ok(Task<LinkSpeed> probe)
    {
        var speed = await probe;
        Assert.Null(speed.Error);
        Assert.True(speed.RoundTripMicroseconds > 0);
        Assert.True(speed.GigabytesPerSecond > 0);
        return speed;
    }

    private Task<LinkSpeed> ProbeAsync(DataPlaneServer there) => Ok(_here.ProbeAsync(there.EndPoint.ToString(), Patience));

    private DataPlaneServer Start(NodeTls? tls, string? folder) =>
        DataPlaneServer.Start(IPAddress.Loopback, 0, tls, folder is null ? null : Path.Combine(_root, folder), NullLogger.Instance);
}
