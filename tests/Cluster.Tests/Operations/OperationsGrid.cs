using System.Text.Json;
using Grid.Cluster.Tests.Chaos;
using Grid.Cluster.Tests.Processes;
using Grid.TestUtilities.Load;
using Grid.TestUtilities.Processes;
using Grid.TestUtilities.Waiting;

namespace Grid.Cluster.Tests.Operations;

/// <summary>
/// A grid as an operator has it: a is head, silo, gateway and store with a watched file; b and c are silos; g is a second gateway.
/// GRID_CHAOS=full makes the runs long.
/// </summary>
internal sealed class OperationsGrid : IAsyncDisposable
{
    private const string File = "grid.yaml";
    private const string Empty = "apiVersion: grid/v1\nkind: Grid\nmetadata: {name: prod}\n";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private OperationsGrid()
    {
    }

    /// <summary>Whether the long version is asked for.</summary>
    public static bool IsFull => ChaosGrid.IsFull;

    public GridBed Bed { get; } = new();

    public Uri[] Gateways => [new(Bed.Endpoint("a", "http")), new(Bed.Endpoint("g", "http"))];

    /// <summary>Starts all processes, and only then writes the models to the file, so that replicas are spread.</summary>
    /// <param name="models">The entries of models:.</param>
    /// <param name="device">Of each silo.</param>
    /// <param name="silos">Beside a; null: b and c.</param>
    /// <param name="prepare">Writes what the models need.</param>
    public static async Task<OperationsGrid> StartAsync(string models, string device = "sim:1x8GiB", string[]? silos = null,
        Action<OperationsGrid>? prepare = null)
    {
        var grid = new OperationsGrid();
        try
        {
            silos ??= ["b", "c"];
            prepare?.Invoke(grid);
            await grid.Bed.StartAsync("a", "up", "--head", "--device", device, "--config", grid.Bed.Write(File, Empty));
            await Task.WhenAll(
                [grid.Bed.JoinAsync("g", "a", "gateway"),
                .. silos.Select(name => grid.Bed.JoinAsync(name, "a", "up", "--device", device, "--shutdown-timeout", "4s"))]);
            await grid.VerbAsync($"wait --for=nodes={silos.Length + 1} --timeout 60s");
            grid.Edit(models);
            return grid;
        }
        catch
        {
            await grid.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes the file.</summary>
    public void Edit(string models) => Bed.Write(File, $"{Empty}models:\n{models}\n");

    /// <summary>Runs an operator's verb.</summary>
    public async Task<GridProcess> VerbAsync(string line, int exitCode = 0)
    {
        var process = await GridProcess.RunAsync($"{line} --data-dir {Bed.Folder("a")}");
        Assert.True(process.ExitCode == exitCode,
            $"grid {line} ended with {process.ExitCode}, not {exitCode}.\n{process.Output}\n{process.Error}");
        return process;
    }

    /// <summary>Begins a load on both gateways; no client tries again.</summary>
    public LoadDriver Load(Func<int, LoadRequest> requests, int concurrency) =>
        LoadDriver.Start(new LoadSettings { Gateways = Gateways, Requests = requests, Concurrency = concurrency });

    /// <summary>Ends a load and expects that nothing failed.</summary>
    public async Task<LoadReport> EndAsync(LoadDriver load, string what)
    {
        var report = await load.StopAsync();
        var told = $"{what}: {report.Tell(await ResumesAsync(), Bed.CpuTime)}";
        Tell(told);
        Assert.True(report.Failed == 0 && report.Ok > 0 && report.Sent == report.Ok, told);
        return report;
    }

    /// <summary>Streams that went on elsewhere, as the gateways count them.</summary>
    public async Task<long> ResumesAsync()
    {
        var counts = await Task.WhenAll(Gateways.Select(gateway => GatewayMetrics.ReadAsync(Bed.Http, gateway, GatewayMetrics.Resumes)));
        return counts.Sum();
    }

    /// <summary>A model's part of the status.</summary>
    public async Task<JsonElement> ModelAsync(string model) =>
        (await Bed.AdminAsync("a", "/admin/v1/status")).GetProperty("models").EnumerateArray()
        .FirstOrDefault(candidate => candidate.GetProperty("name").GetString() == model);

    /// <summary>Waits until a model is in a state with so many replicas, and no other is left.</summary>
    public Task WaitForAsync(string model, string state, int replicas) => WaitForAsync(async () =>
    {
        var view = await ModelAsync(model);
        return view.ValueKind == JsonValueKind.Object && view.GetProperty("state").GetString() == state
            && view.GetProperty("ready").GetInt32() == replicas
            && view.GetProperty("replicas").GetArrayLength() == replicas;
    }, $"{model} is {state} with {replicas} replicas");

    /// <summary>Waits until so many streams of a load run.</summary>
    public static Task WaitForStreamsAsync(LoadDriver load, int count) =>
        WaitForAsync(() => Task.FromResult(load.Streaming >= count), $"{count} streams run");

    /// <summary>Waits for a condition.</summary>
    public static Task WaitForAsync(Func<Task<bool>> condition, string what) =>
        Eventually.HoldsAsync(condition, what, Patience, TestContext.Current.CancellationToken);

    public static void Tell(string text) => ChaosGrid.Tell(text);

    public ValueTask DisposeAsync() => Bed.DisposeAsync();
}
