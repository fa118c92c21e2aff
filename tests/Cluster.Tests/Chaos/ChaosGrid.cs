using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Grid.Abstractions.Nodes;
using Grid.Cluster.Tests.Processes;
using Grid.TestUtilities.Load;
using Grid.TestUtilities.Network;
using Grid.TestUtilities.Stores;
using Grid.TestUtilities.Waiting;

namespace Grid.Cluster.Tests.Chaos;

/// <summary>
/// A grid upon which failures are visited: a real Redis or the embedded store, three silos (a is the head, without a gateway; c is reached
/// through relays alone), and two gateways. GRID_CHAOS=full makes the runs long; GRID_CHAOS_LOGS names a folder for what the processes
/// print.
/// </summary>
public sealed class ChaosGrid : IAsyncDisposable
{
    public const string Model = "fake";

    private const string ConfigFile = "grid.yaml";
    private const string WithoutModels = "apiVersion: grid/v1\nkind: Grid\nmetadata: {name: chaos}\n";
    private const string Simulated =
        "{name: fake, source: sim, replicas: 3, sim: {weights: 1GiB, load: 200ms, step: 80ms, stepPerSequence: 0ms, "
        + "prefillTokensPerSecond: 1000000}}";
    private const string RelayTarget = "127.0.0.2";
    private const string RelayAddress = "127.0.0.3";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string? Logs = Environment.GetEnvironmentVariable("GRID_CHAOS_LOGS");

    private readonly GridBed _bed = new();
    private readonly Dictionary<string, TcpRelay[]> _relays = [];
    private readonly string _withModel;
    private readonly bool _isEmbedded;
    private readonly string[] _device;
    private string _config = WithoutModels;
    private int _ports;
    private int _logs;

    private ChaosGrid(string config, string[] device, bool isEmbedded) => (_withModel, _device, _isEmbedded) = (config, device, isEmbedded);

    /// <summary>Whether the long version is asked for.</summary>
    public static bool IsFull => Environment.GetEnvironmentVariable("GRID_CHAOS") == "full";

    /// <summary>Streams and other requests that are open at once.</summary>
    public static int Concurrency => IsFull ? 100 : 30;

    /// <summary>The names of the silos.</summary>
    public static string[] Silos => ["a", "b", "c"];

    internal GridBed Bed => _bed;

    /// <summary>The store, where it is no embedded one.</summary>
    internal RedisServer Redis { get; private set; } = null!;

    /// <summary>The link between c's HTTP endpoint and the gateways.</summary>
    internal TcpRelay LinkToC => _relays["c"][0];

    /// <summary>Base addresses of the gateways.</summary>
    public IReadOnlyList<Uri> Gateways => [Gateway("g1"), Gateway("g2")];

    /// <summary>Three replicas of the simulated model on it, each step slow enough that a stream lasts for a while.</summary>
    /// <param name="isEmbedded">Whether the store is in the head's process, instead of a Redis.</param>
    public static Task<ChaosGrid> StartAsync(bool isEmbedded = false) => StartAsync(Simulated, isEmbedded, "--device", "sim:1x8GiB");

    /// <summary>With a model of its own.</summary>
    internal static async Task<ChaosGrid> StartAsync(string model, bool isEmbedded, params string[] device)
    {
        var grid = new ChaosGrid($"{WithoutModels}models:\n- {model}\n", device, isEmbedded);
        try
        {
            await grid.StartAllAsync();
            return grid;
        }
        catch
        {
            await grid.DisposeAsync();
            throw;
        }
    }

    public Uri Gateway(string name) => new(_bed.Endpoint(name, "http"));

    /// <summary>Starts a process with its usual command, the same each time.</summary>
    public Task StartAsync(string name)
    {
        KeepLog(name);
        return name switch
        {
            "a" => _bed.StartAsync("a",
                ["up", "--head", "--no-gateway", .. Store, "--config", _bed.Write(ConfigFile, _config), .. _device]),
            "g1" or "g2" => JoinAsync(name, "gateway"),
            "c" => JoinAsync("c",
                ["up", .. _device, "--bind", RelayTarget, "--advertise-address", RelayAddress, "--port-base",
                _ports.ToString(CultureInfo.InvariantCulture)]),
            _ => JoinAsync(name, ["up", .. _device]),
        };
    }

    /// <summary>A load on the first gateway, or on both in turn for a client that tries again.</summary>
    public LoadDriver Load(int tokens = 150, bool retries = false, Func<int, LoadRequest>? requests = null, int? concurrency = null) =>
        LoadDriver.Start(new LoadSettings
        {
            Gateways = retries ? Gateways : [Gateways[0]],
            Tries = retries ? 4 : 1,
            Concurrency = concurrency ?? Concurrency,
            Requests = requests ?? LoadRequests.ToSim(Model, tokens),
        });

    /// <summary>Ends a load and expects that nothing failed, and that streams were cut at all.</summary>
    public async Task<LoadReport> EndAsync(LoadDriver load, string what, long resumesBefore = 0)
    {
        var report = await load.StopAsync();
        var resumed = await ResumesAsync() - resumesBefore;
        var told = $"{what}: {report.Tell(resumed, _bed.CpuTime)}";
        Tell(told);
        Assert.True(report.Failed == 0 && report.Sent == report.Ok, told);
        Assert.True(resumed > 0 || report.Retried > 0, $"void: no stream was cut. {told}");
        return report;
    }

    /// <summary>Streams that went on elsewhere, as both gateways have counted them.</summary>
    public async Task<long> ResumesAsync() =>
        await GatewayMetrics.ReadAsync(_bed.Http, Gateway("g1"), GatewayMetrics.Resumes)
        + await GatewayMetrics.ReadAsync(_bed.Http, Gateway("g2"), GatewayMetrics.Resumes);

    /// <summary>Waits until most of a load's streams run.</summary>
    public Task WaitForStreamsAsync(LoadDriver load) => WaitForAsync(() => Task.FromResult(MostRun(load)), "most streams run");

    /// <summary>
    /// Visits a failure upon a node when most streams run and some are midway at it: replicas step together, and all their streams may have
    /// just begun.
    /// </summary>
    /// <returns>The resumes before.</returns>
    public async Task<long> BreakAsync(LoadDriver load, string node, Action fault) =>
        (await BreakAsync(load, [node], _ => fault())).Resumes;

    /// <summary>The same, upon the first of some nodes at which streams are midway.</summary>
    internal async Task<(string Node, long Resumes)> BreakAsync(LoadDriver load, string[] nodes, Action<string> fault)
    {
        string? node = null;
        long resumes = 0;
        await WaitForAsync(async () =>
        {
            resumes = await ResumesAsync();
            node = MostRun(load) ? nodes.FirstOrDefault(name => load.Midway(name) > 0) : null;
            if (node is not null) fault(node);
            return node is not null;
        }, $"streams are midway at one of [{string.Join(", ", nodes)}]");
        return (node!, resumes);
    }

    /// <summary>Waits until more streams than before have gone on elsewhere.</summary>
    public Task WaitForResumeAsync(long before) => WaitForAsync(async () => await ResumesAsync() > before, "streams went on elsewhere");

    /// <summary>Waits until so many replicas are ready, none on the nodes named.</summary>
    public Task WaitForReplicasAsync(int count, params string[] without) => WaitForAsync(async () =>
    {
        var ranks = await RanksAsync();
        return ranks.Count(rank => rank.State == "Ready") == count && !ranks.Any(rank => without.Contains(rank.Node));
    }, $"{count} replicas are ready, none on [{string.Join(", ", without)}]");

    /// <summary>Waits until all silos are ready members.</summary>
    public Task WaitForNodesAsync() =>
        WaitForAsync(async () => (await StatusAsync()).GetProperty("nodes").GetProperty("ready").GetInt32() == Silos.Length,
        "three nodes are ready");

    /// <summary>Of all replicas: where, in what state, at which epoch.</summary>
    public async Task<(string Node, string State, long Epoch)[]> RanksAsync() =>
        [.. (await StatusAsync()).GetProperty("models").EnumerateArray().SelectMany(model => model.GetProperty("replicas").EnumerateArray())
            .SelectMany(
            replica =>
                replica.GetProperty("ranks").EnumerateArray()
                .Select(rank => (Text(rank, "node"), Text(rank, "state"), replica.GetProperty("epoch").GetInt64())))];

    public Task<JsonElement> StatusAsync() => _bed.AdminAsync("g1", "/admin/v1/status");

    /// <summary>Kills a node's process under streams and waits until the replicas it had are ready elsewhere.</summary>
    /// <returns>The time between.</returns>
    public async Task<TimeSpan> KillAsync(LoadDriver load, string name, int replicas)
    {
        await BreakAsync(load, name, () => _bed[name].Signal("KILL"));
        var clock = Stopwatch.StartNew();
        await WaitForReplicasAsync(replicas, name);
        return clock.Elapsed;
    }

    /// <summary>Waits for a condition; a grid that does not answer is asked again.</summary>
    public async Task WaitForAsync(Func<Task<bool>> condition, string what)
    {
        string? last = null;
        await Eventually.HoldsAsync(HoldsAsync, what, Patience, TestContext.Current.CancellationToken, DescribeAsync);

        async Task<bool> HoldsAsync()
        {
            try
            {
                return await condition();
            }
            catch (Exception fault) when (fault is HttpRequestException or KeyNotFoundException or InvalidOperationException)
            {
                last = fault.Message;
                return false;
            }
        }

        async Task<string> DescribeAsync() =>
            $"{last}\n{await _bed.AdminAsync("g1", "/admin/v1/status")}\n{await _bed.AdminAsync("g1", "/admin/v1/nodes")}";
    }

    public static void Tell(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    public async ValueTask DisposeAsync()
    {
        foreach (var name in (string[])[.. Silos, "g1", "g2"]) KeepLog(name);
        await _bed.DisposeAsync();
        foreach (var relay in _relays.Values.SelectMany(relays => relays)) await relay.DisposeAsync();
        if (Redis is not null) await Redis.DisposeAsync();
    }

    private async Task StartAllAsync()
    {
        if (!_isEmbedded) Redis = await RedisServer.StartAsync();
        MakeRelays();
        await StartAsync("a");
        var token = await GridBed.RunAsync($"token create --data-dir {_bed.Folder("a")}");
        _bed.Write("token", token.Output);
        await Task.WhenAll(StartAsync("b"), StartAsync("c"), StartAsync("g1"), StartAsync("g2"));
        await WaitForNodesAsync();
        // Asked for only now, so that the replicas are spread over all nodes.
        _config = _withModel;
        _bed.Write(ConfigFile, _config);
        await WaitForReplicasAsync(Silos.Length);
        // A gateway hears of the last replica a moment later; streams that begin before would leave its node idle.
        await WaitForAsync(
            async () =>
            (await Task.WhenAll(Gateways.Select(gateway => GatewayMetrics.RanksAsync(_bed.Http, gateway)))).All(
                ranks => ranks == Silos.Length), "each gateway routes to each replica");
    }

    private static bool MostRun(LoadDriver load) => load.Streaming > load.Concurrency * 6 / 10;

    // Those who joined know an embedded store by its port.
    private string[] Store =>
        _isEmbedded ? ["--port-base", _ports.ToString(CultureInfo.InvariantCulture)] : ["--store", $"redis://{Redis.Address}/0"];

    private Task JoinAsync(string name, params string[] arguments) =>
        _bed.StartAsync(name, [.. arguments, "--join", _bed.Endpoint("a", "join"), "--token-file", _bed.Folder("token")]);

    /// <summary>Takes a block of ports, and relays from the address that others dial to the one where c listens.</summary>
    private void MakeRelays()
    {
        for (var ports = 21000 + (Environment.ProcessId % 1000 * 10); ; ports += 10)
        {
            var layout = new PortLayout(ports);
            try
            {
                _relays["c"] = [Relay(layout.SiloHttp), Relay(layout.Silo), Relay(layout.SiloClient), Relay(layout.DataPlane)];
                _ports = ports;
                return;
            }
            catch (SocketException)
            {
                // Somebody else's port.
            }
        }

        static TcpRelay Relay(int port) =>
            new(new IPEndPoint(IPAddress.Parse(RelayTarget), port), new IPEndPoint(IPAddress.Parse(RelayAddress), port));
    }

    private void KeepLog(string name)
    {
        if (Logs is not null && _bed.Find(name) is { } process)
            File.WriteAllText(Path.Combine(Logs, string.Create(CultureInfo.InvariantCulture, $"{_logs++:00}-{name}-{process.Id}.log")),
                process.Error);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
