using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Cli.Pull;

namespace Grid.Cli.Tests.Pull;

public sealed class ModelPullTests : IAsyncLifetime
{
    private const string Repository = "org/model";

    private readonly string _cache = Directory.CreateTempSubdirectory("grid-hub-").FullName;
    private readonly HttpClient _http = HubClient.CreateHttp();
    private readonly byte[] _weights = new byte[300_000];
    private FakeHub _hub = null!;

    private string Root => Path.Combine(_cache, "models--org--model");

    public async ValueTask InitializeAsync()
    {
        _hub = await FakeHub.StartAsync();
        new Random(5).NextBytes(_weights);
        _hub.Add("config.json", "{\"model_type\":\"llama\"}"u8.ToArray());
        _hub.Add("tokenizer.json", "{}"u8.ToArray());
        _hub.Add("README.md", "words"u8.ToArray());
        _hub.Add("pytorch_model.bin", [1, 2, 3]);
        _hub.Add("model.safetensors", _weights, large: true);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _hub.DisposeAsync();
        Directory.Delete(_cache, recursive: true);
    }

    [Fact]
    public async Task RunAsync_Model_IsLaidOutAsTheHubsCache()
    {
        var folder = await PullAsync();

        Assert.Equal(Path.Combine(Root, "snapshots", FakeHub.Commit), folder);
        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Assert.Equal(_weights, File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
        Assert.Equal($"../../blobs/{FakeHub.Sha256(_weights)}", new FileInfo(Path.Combine(folder, "model.safetensors")).LinkTarget);
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(Root, "refs", "main")));
    }

    [Fact]
    public async Task RunAsync_Redirect_KeepsTheTokenWithTheHub()
    {
        await PullAsync();

        Assert.All(_hub.Requests.Where(request => request.Origin == "hub"), request => Assert.True(request.Token));
        var store = Assert.Single(_hub.Requests, request => request.Origin == "store");
        Assert.False(store.Token);
    }

    [Fact]
    public async Task RunAsync_BrokenConnection_GoesOnWhereItStopped()
    {
        _hub.Breaks.Enqueue(100_000);
        _hub.Breaks.Enqueue(50_000);

        var folder = await PullAsync();

        Assert.Equal(_weights, File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
        var starts = _hub.Requests.Where(request => request.Origin == "store").Select(request => request.From).ToArray();
        Assert.Equal(3, starts.Length);
        Assert.Equal(starts.Order(), starts);
        Assert.True(starts[1] > 0);
    }

    [Fact]
    public async Task RunAsync_AfterAnInterruption_AsksForTheRestOnly()
    {
        Directory.CreateDirectory(Path.Combine(Root, "blobs"));
        File.WriteAllBytes(Path.Combine(Root, "blobs", FakeHub.Sha256(_weights) + ".incomplete"), _weights[..123_456]);

        var folder = await PullAsync();

        Assert.Equal(123_456, Assert.Single(_hub.Requests, request => request.Origin == "store").From);
        Assert.Equal(_weights, File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
        Assert.Empty(Directory.GetFiles(Path.Combine(Root, "blobs"), "*.incomplete"));
    }

    [Fact]
    public async Task RunAsync_ServerWithoutRanges_StartsOver()
    {
        _hub.Ranges = false;
        _hub.Breaks.Enqueue(100_000);

        var folder = await PullAsync();

        Assert.Equal(_weights, File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
    }

    [Fact]
    public async Task RunAsync_SecondTime_DownloadsNothing()
    {
        await PullAsync();
        _hub.Requests.Clear();

        await PullAsync();

        Assert.DoesNotContain(_hub.Requests, request => request.Origin == "store");
        Assert.DoesNotContain(_hub.Requests,
            request => request.Method == "GET" && request.Path.Contains("resolve", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_WrongChecksum_KeepsNothing()
    {
        _hub.Tamper = bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)];

        var fault = await Assert.ThrowsAsync<CommandException>(() => PullAsync());

        Assert.Equal(ExitCodes.Failed, fault.ExitCode);
        Assert.Contains("checksum of model.safetensors", fault.Message);
        Assert.DoesNotContain(Directory.GetFiles(Path.Combine(Root, "blobs")),
            file => Path.GetFileName(file).StartsWith(FakeHub.Sha256(_weights), StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(Root, "refs", "main")));
    }

    [Theory]
    [InlineData(401, ExitCodes.Unauthorized)]
    [InlineData(403, ExitCodes.Unauthorized)]
    [InlineData(404, ExitCodes.NotFound)]
    public async Task RunAsync_Refusal_HasItsExitCode(int status, int expected)
    {
        _hub.Refusal = status;

        Assert.Equal(expected, (await Assert.ThrowsAsync<CommandException>(() => PullAsync())).ExitCode);
    }

    [Theory]
    [InlineData("../outside.json")]
    [InlineData("/etc/config.json")]
    [InlineData("a/../../config.json")]
    [InlineData("a\\..\\config.json")]
    public async Task RunAsync_NameThatLeavesTheFolder_IsRefused(string name)
    {
        _hub.Add(name, [1]);

        var fault = await Assert.ThrowsAsync<CommandException>(() => PullAsync());

        Assert.Contains(name, fault.Message);
        Assert.False(Directory.Exists(Root));
    }

    [Fact]
    public async Task RunAsync_Offline_TakesTheCacheOrSaysSo()
    {
        Assert.Equal(ExitCodes.NotFound, (await Assert.ThrowsAsync<CommandException>(() => PullAsync(offline: true))).ExitCode);
        var folder = await PullAsync();
        _hub.Requests.Clear();

        Assert.Equal(folder, await PullAsync(offline: true));
        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public async Task RunAsync_HubAway_IsUnreachable()
    {
        var settings = new HubSettings(new Uri("http://127.0.0.1:1/"), null, _cache, false);

        var fault = await Assert.ThrowsAsync<CommandException>(
            () => new ModelPull(_http, settings, TimeProvider.System, TextWriter.Null).RunAsync(Repository, "main", [],
            TestContext.Current.CancellationToken));

        Assert.Equal(ExitCodes.Unreachable, fault.ExitCode);
    }

    private Task<string> PullAsync(bool offline = false) =>
        new ModelPull(_http, new HubSettings(_hub.Address, "secret", _cache, offline), TimeProvider.System, TextWriter.Null)
            .RunAsync(Repository, "main", [], TestContext.Current.CancellationToken);
}
