using System.Net;
using System.Text.Json;
using Grid.Abstractions.Nodes;
using Grid.Cli.Tests.Processes;
using Grid.Gateway.Admin;
using Grid.Gateway.Tests.Admin;

namespace Grid.Cli.Tests.Operators;

/// <summary>The admin API over a grid of plain memory, and a data folder that points there.</summary>
internal sealed class FakeAdmin : IAsyncDisposable
{
    private const string Key = "fedcba9876543210";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-admin-");
    private readonly AdminServer _server;

    private FakeAdmin(FakeGrid grid, AdminServer server)
    {
        (Grid, _server) = (grid, server);
        File.WriteAllText(Path.Combine(Folder, "admin.key"), Key + "\n");
        File.WriteAllText(
            Path.Combine(Folder, "endpoints.json"),
            JsonSerializer.Serialize(new NodeEndpoints("a", Environment.ProcessId, ["head"], "http://h", Url, "http://s", "j"),
                JsonSerializerOptions.Web));
    }

    public FakeGrid Grid { get; }

    public string Folder => _folder.FullName;

    public string Url => $"http://{_server.EndPoint}";

    public string KeyFile => Path.Combine(Folder, "admin.key");

    public static async Task<FakeAdmin> StartAsync()
    {
        var grid = new FakeGrid();
        var options = new AdminOptions
        {
            Key = Key, Grid = () => grid, Node = name => grid.Hosts[name],
            Tokens = (ttl, uses) => $"token-{ttl?.TotalSeconds}-{uses}"
        };
        return new FakeAdmin(grid, await AdminServer.StartAsync(options, IPAddress.Loopback, 0, _ => { }));
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Runs a verb against it.</summary>
    public Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        InProcess.RunAsync([.. arguments, "--data-dir", Folder]);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
