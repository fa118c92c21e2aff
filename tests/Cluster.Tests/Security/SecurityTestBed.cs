using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grid.Cluster.Joining;
using Grid.Cluster.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Cluster.Tests.Security;

/// <summary>A grid's head on a fake clock, nodes signed by it, and Kestrel endpoints on free ports.</summary>
internal sealed class SecurityTestBed : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("grid-security-").FullName;
    private readonly List<WebApplication> _apps = [];

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 5, 1, 12, 0, 0, TimeSpan.Zero));

    public RecordingLog Log { get; } = new();

    /// <summary>Names that the head takes for live, with their addresses.</summary>
    public Dictionary<string, string> Live { get; } = [];

    public static GridTerms Terms { get; } =
        new("grid", new StoreAccess("embedded", "127.0.0.1:8006", "s3cret", 0, "node"), "http://127.0.0.1:8001", "http://127.0.0.1:8000");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    public HeadSecurity Head(string name = "head") => HeadSecurity.Open(Folder(name), name, "127.0.0.1", [NodeRoles.Silo], Time, Log);

    /// <summary>A node with a certificate, without the exchange.</summary>
    public NodeTls Node(HeadSecurity head, string name, string address = "127.0.0.1", params string[] roles)
    {
        using var key = NodeCertificates.Key(Folder(name));
        using var certificate = head.Authority.Issue(new PublicKey(key),
            new NodeIdentity(name, address, roles.Length > 0 ? roles : [NodeRoles.Silo], head.Authority.ClusterId));
        return new NodeTls(
            NodeCertificates.Save(Folder(name), head.Authority.Certificate.ExportCertificatePem(), certificate.ExportCertificatePem()),
            Time, Log);
    }

    /// <summary>An endpoint that answers every GET with the caller's name.</summary>
    public async Task<int> ServeAsync(NodeTls? tls, params string[] roles) =>
        await StartAsync(listen => listen.UseNodeTls(tls, roles),
        app => app.MapGet("/",
            (HttpContext http) => http.Connection.ClientCertificate is { } peer ? NodeIdentity.Read(peer).Name : "nobody"));

    /// <summary>The head's join port.</summary>
    public async Task<int> ServeJoinAsync(HeadSecurity head, TimeProvider? time = null)
    {
        var admission =
            new JoinAdmission(head.Authority, head.Tokens, () => Terms, name => new(Live.GetValueOrDefault(name)), time ?? Time);
        return await StartAsync(listen => listen.UseJoinTls(head.Tls), app => app.MapJoin(admission));
    }

    public Task<Membership> JoinAsync(int port, string? token, string name = "b", string? folder = null, string[]? roles = null,
        TimeProvider? time = null) =>
        new Joiner(
            new JoinOptions(Folder(folder ?? name), $"127.0.0.1:{port}", token, name, "127.0.0.1",
            roles ?? [NodeRoles.Silo])
            { Patience = TimeSpan.Zero }, time ?? Time, Log).JoinAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps) await app.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private async Task<int> StartAsync(Action<ListenOptions> listen, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen));
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        _apps.Add(app);
        return new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }
}
