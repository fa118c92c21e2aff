using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Grid.Cluster.Security;

namespace Grid.Cluster.Tests.Security;

public sealed class KestrelTlsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_MemberToMember_IsKnownByName()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var port = await bed.ServeAsync(bed.Node(head, "b"));
        Assert.Equal("c", await GetAsync(bed.Node(head, "c"), port));
        Assert.Equal("c", await GetAsync(bed.Node(head, "c"), port, "localhost"));
        Assert.Equal("head", await GetAsync(head.Tls, port));
    }

    [Fact]
    public async Task Call_NoTlsAnywhere_IsPlain()
    {
        await using var bed = new SecurityTestBed();
        var port = await bed.ServeAsync(tls: null);
        using var http = new HttpClient(NodeTls.CreateHandler(null));
        Assert.Equal("nobody", await http.GetStringAsync($"http://127.0.0.1:{port}/", Cancellation));
    }

    [Fact]
    public async Task Call_WithoutCertificate_IsRefused()
    {
        await using var bed = new SecurityTestBed();
        var port = await bed.ServeAsync(bed.Head().Tls);
        using var http = new HttpClient(
            new SocketsHttpHandler
            {
                SslOptions =
            new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, server, _, _) => server is not null }
            });
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync($"https://127.0.0.1:{port}/", Cancellation));
        await bed.Log.WaitForAsync("presented no certificate");
        await bed.Log.WaitForAsync("The TLS handshake of 127.0.0.1:");
    }

    [Fact]
    public async Task Call_ForeignServer_IsRefusedByTheCaller()
    {
        await using var bed = new SecurityTestBed();
        var port = await bed.ServeAsync(bed.Head("other").Tls);
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(bed.Node(bed.Head(), "b"), port));
        await bed.Log.WaitForAsync("Refused the connection to 127.0.0.1: its certificate");
    }

    [Fact]
    public async Task Call_ForeignClient_IsRefusedByTheServer()
    {
        await using var bed = new SecurityTestBed();
        var port = await bed.ServeAsync(bed.Head().Tls);
        var foreign = bed.Node(bed.Head("other"), "b");
        await Assert.ThrowsAnyAsync<Exception>(() => PresentAsync(foreign, port));
        await bed.Log.WaitForAsync("is signed by another authority");
    }

    [Fact]
    public async Task Call_ExpiredClient_IsRefusedByTheServer()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var old = bed.Node(head, "b");
        bed.Time.Advance(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1));
        var port = await bed.ServeAsync(bed.Node(head, "c"));
        await Assert.ThrowsAnyAsync<Exception>(() => PresentAsync(old, port));
        await bed.Log.WaitForAsync("2030-05-31 12:00:00Z, and it is 2030-05-31 12:00:01Z now");
    }

    [Fact]
    public async Task Call_ExpiredServer_IsRefusedByTheCaller()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var port = await bed.ServeAsync(bed.Node(head, "b"));
        bed.Time.Advance(TimeSpan.FromDays(31));
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(bed.Node(head, "c"), port));
        await bed.Log.WaitForAsync("join again with a token");
    }

    [Fact]
    public async Task Call_ServerOfAnotherAddress_IsRefusedByTheCaller()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var port = await bed.ServeAsync(bed.Node(head, "b", "10.9.8.7"));
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(bed.Node(head, "c"), port));
        await bed.Log.WaitForAsync("its certificate is for 10.9.8.7");
    }

    [Fact]
    public async Task Call_WrongRole_IsRefused()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var port = await bed.ServeAsync(bed.Node(head, "b"), NodeRoles.Gateway);
        Assert.Equal("g", await GetAsync(bed.Node(head, "g", "127.0.0.1", NodeRoles.Gateway), port));
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(bed.Node(head, "c"), port));
        await bed.Log.WaitForAsync("its certificate is for c as silo; this link requires gateway");
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("\0\0\0\u0005hello")]
    public async Task Connect_PlainBytes_IsRefused(string bytes)
    {
        await using var bed = new SecurityTestBed();
        var port = await bed.ServeAsync(bed.Head().Tls);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        await socket.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(bytes), Cancellation);
        Assert.Equal(0, await ReadOrResetAsync(socket.GetStream()));
        await bed.Log.WaitForAsync("it sent plain bytes");
    }

    [Fact]
    public async Task Renewal_WhileServing_IsPresentedToNewConnections()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var (server, client) = (bed.Node(head, "b"), bed.Node(head, "c"));
        var port = await bed.ServeAsync(server);
        using var http = new HttpClient(NodeTls.CreateHandler(client));
        Assert.Equal("c", await http.GetStringAsync($"https://127.0.0.1:{port}/", Cancellation));
        bed.Time.Advance(TimeSpan.FromDays(25));
        server.Certificates.Replace(bed.Node(head, "b").Certificates.Current.ExportCertificatePem());
        client.Certificates.Replace(bed.Node(head, "c").Certificates.Current.ExportCertificatePem());
        bed.Time.Advance(TimeSpan.FromDays(25));
        Assert.Equal("c", await http.GetStringAsync($"https://127.0.0.1:{port}/", Cancellation));
        Assert.Equal("c", await GetAsync(client, port));
    }

    private static async Task<string> GetAsync(NodeTls tls, int port, string host = "127.0.0.1")
    {
        using var http = new HttpClient(NodeTls.CreateHandler(tls));
        return await http.GetStringAsync($"https://{host}:{port}/", Cancellation);
    }

    /// <summary>A client that takes any server, so that only the server can refuse.</summary>
    private static async Task PresentAsync(NodeTls tls, int port)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        await using var stream = new SslStream(socket.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "any", ClientCertificateContext = tls.Certificates.Context,
                RemoteCertificateValidationCallback = (_, server, _, _) => server is not null
            }, Cancellation);
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), Cancellation);
        if (await stream.ReadAsync(new byte[16], Cancellation) == 0) throw new IOException("closed");
    }

    private static async Task<int> ReadOrResetAsync(NetworkStream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[16], Cancellation);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
