using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grid.TestUtilities.Processes;
using Grid.TestUtilities.Waiting;

namespace Grid.Cluster.Tests.Processes;

/// <summary>A grid of real processes on this machine, on free ports, with their folders.</summary>
internal sealed partial class GridBed : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _root = Directory.CreateTempSubdirectory("grid-bed-").FullName;
    private readonly Dictionary<string, GridProcess> _nodes = [];
    private TimeSpan _spent;

    public HttpClient Http { get; } = new() { Timeout = Patience };

    /// <summary>A node's process.</summary>
    public GridProcess this[string name] => _nodes[name];

    /// <summary>A node's process, where it was ever started.</summary>
    public GridProcess? Find(string name) => _nodes.GetValueOrDefault(name);

    /// <summary>CPU time of all nodes, those that have ended included.</summary>
    public TimeSpan CpuTime => _nodes.Values.Aggregate(_spent, (sum, node) => sum + node.CpuTime);

    /// <summary>A node's data folder.</summary>
    public string Folder(string name) => Path.Combine(_root, name);

    /// <summary>Writes a file of the bed.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(_root, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Starts a node and waits until it is ready.</summary>
    public async Task StartAsync(string name, params string[] arguments)
    {
        string[] ports = arguments.Contains("--port-base") ? [] : ["--port-base", "0"];
        var node = GridProcess.Start([.. arguments, "--name", name, "--data-dir", Folder(name), .. ports], _root);
        if (_nodes.Remove(name, out var old))
        {
            _spent += old.CpuTime;
            await old.DisposeAsync();
        }

        _nodes[name] = node;
        await node.WaitForOutputAsync(line => line.StartsWith("grid: ready ", StringComparison.Ordinal));
    }

    /// <summary>Makes a token on the head and joins with it.</summary>
    public async Task JoinAsync(string name, string head, params string[] arguments)
    {
        var token = await RunAsync($"token create --data-dir {Folder(head)}");
        var file = Write($"{name}.token", token.Output);
        await StartAsync(name, [.. arguments, "--join", Endpoint(head, "join"), "--token-file", file]);
    }

    /// <summary>A value of a node's endpoints.json.</summary>
    public string Endpoint(string name, string key)
    {
        using var endpoints = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(name), "endpoints.json")));
        return endpoints.RootElement.GetProperty(key).GetString()!;
    }

    /// <summary>Runs a verb and expects it to be done.</summary>
    public static async Task<GridProcess> RunAsync(string line)
    {
        var process = await GridProcess.RunAsync(line);
        Assert.True(process.ExitCode == 0, $"grid {line} ended with {process.ExitCode}.\n{process.Output}\n{process.Error}");
        return process;
    }

    /// <summary>A document of the head's admin API.</summary>
    public async Task<JsonElement> AdminAsync(string head, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Endpoint(head, "admin") + path));
        request.Headers.Authorization =
            new AuthenticationHeaderValue("Bearer", await File.ReadAllTextAsync(Path.Combine(Folder(head), "admin.key")));
        using var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.Clone();
    }

    /// <summary>Waits for a condition.</summary>
    public static Task WaitForAsync(Func<Task<bool>> condition, string what) =>
        Eventually.HoldsAsync(condition, what, Patience, TestContext.Current.CancellationToken);

    /// <summary>The words of a simulated answer, by which its tokens are known.</summary>
    public static string[] Words(string text) => [.. Word().Matches(text).Select(match => match.Value)];

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values.Reverse()) await node.DisposeAsync();
        Http.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [GeneratedRegex(@"w\d+")]
    private static partial Regex Word();
}
