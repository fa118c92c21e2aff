using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Grid.Cluster.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Cluster.Tests.Security;

public sealed class OrleansTlsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Links_MembersOfOneGrid_Work()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var (siloPort, gatewayPort) = (SecurityTestBed.FreePort(), SecurityTestBed.FreePort());
        using var first = await SiloAsync(bed, head.Tls, siloPort, gatewayPort, siloPort);
        using var second = await SiloAsync(bed, bed.Node(head, "b"), SecurityTestBed.FreePort(), SecurityTestBed.FreePort(), siloPort);
        using var client = Client(bed, bed.Node(head, "g", "127.0.0.1", NodeRoles.Gateway), gatewayPort);
        await client.StartAsync(Cancellation);
        var hosts = await client.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts(true, Cancellation);
        Assert.Equal(2, hosts.Count);
        Assert.DoesNotContain("Refused", bed.Log.Text);
        await client.StopAsync(Cancellation);
        await second.StopAsync(Cancellation);
        await first.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Links_Strangers_AreRefusedWithTheReasonInTheLog()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var (siloPort, gatewayPort) = (SecurityTestBed.FreePort(), SecurityTestBed.FreePort());
        var old = bed.Node(head, "old");
        bed.Time.Advance(TimeSpan.FromDays(31));
        using var silo = await SiloAsync(bed, bed.Node(head, "a"), siloPort, gatewayPort, siloPort);

        await RefusedAsync(bed, tls: null, gatewayPort, "to the silo's client port: it sent plain bytes");
        await RefusedAsync(bed, bed.Node(bed.Head("other"), "x"), gatewayPort, "Refused the connection to a silo: its certificate");

        foreach (var port in (int[])[gatewayPort, siloPort])
        {
            var name = port == siloPort ? "the silo port" : "the silo's client port";
            var stranger = await PresentAsync(certificates: null, port);
            await bed.Log.WaitForAsync($"The TLS handshake of {stranger} with {name} failed: it presented no certificate");
            await PresentAsync(old.Certificates, port);
            await bed.Log.WaitForAsync($"a peer of {name}: its certificate (O={head.Authority.ClusterId}, OU=silo, CN=old) is good from");
            await PresentAsync(bed.Node(bed.Head("other"), "x").Certificates, port);
            await bed.Log.WaitForAsync(
                $"a peer of {name}: its certificate (O={bed.Head("other").Authority.ClusterId}, OU=silo, CN=x) is signed by another "
                + "authority");
        }

        await PresentAsync(bed.Node(head, "g", "127.0.0.1", NodeRoles.Gateway).Certificates, siloPort);
        await bed.Log.WaitForAsync("a peer of the silo port: its certificate is for g as gateway; this link requires silo or head");
        await silo.StopAsync(Cancellation);
    }

    private static async Task<IHost> SiloAsync(SecurityTestBed bed, NodeTls? tls, int siloPort, int gatewayPort, int primary)
    {
        var host = Host.CreateEmptyApplicationBuilder(null);
        host.Logging.AddProvider(bed.Log);
        host.UseOrleans(
            silo => silo.UseLocalhostClustering(siloPort, gatewayPort, new IPEndPoint(IPAddress.Loopback, primary)).UseNodeTls(tls));
        var built = host.Build();
        await built.StartAsync(Cancellation);
        return built;
    }

    private static IHost Client(SecurityTestBed bed, NodeTls? tls, int gatewayPort)
    {
        var host = Host.CreateEmptyApplicationBuilder(null);
        host.Logging.AddProvider(bed.Log);
        host.UseOrleansClient(client => client.UseLocalhostClustering(gatewayPort).UseNodeTls(tls));
        return host.Build();
    }

    /// <summary>A client that tries until the reason is in the log; it never starts.</summary>
    private static async Task RefusedAsync(SecurityTestBed bed, NodeTls? tls, int gatewayPort, string reason)
    {
        using var client = Client(bed, tls, gatewayPort);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var started = client.StartAsync(enough.Token);
        await bed.Log.WaitForAsync(reason);
        Assert.False(started.IsCompletedSuccessfully);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => started);
    }

    /// <summary>A TLS client that takes any silo, so that only the silo can refuse, and it must. Returns its own end point.</summary>
    private static async Task<string> PresentAsync(NodeCertificates? certificates, int port)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        var own = $"127.0.0.1:{((IPEndPoint)socket.Client.LocalEndPoint!).Port}";
        await using var stream = new SslStream(socket.GetStream());
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "any", ClientCertificateContext = certificates?.Context,
                    RemoteCertificateValidationCallback = (_, server, _, _) => server is not null
                }, Cancellation);
            Assert.Equal(0, await stream.ReadAsync(new byte[16], Cancellation));
        }
        catch (Exception fault) when (fault is IOException or System.Security.Authentication.AuthenticationException)
        {
            // Cut before the end of the handshake.
        }

        return own;
    }
}
