using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Grid.Abstractions.Http;
using Grid.Abstractions.Replicas;
using Grid.Engine.Serving;
using Grid.Engine.Simulation;
using Grid.Hosting.Http;
using Grid.Primitives.Options;
using Grid.Silo.Access;
using Grid.Silo.Hosting;
using Grid.Silo.Ranks;

namespace Grid.Silo.Tests.Ranks;

/// <summary>Several ranks behind one endpoint.</summary>
public sealed class RankRegistryTests : IAsyncLifetime
{
    private static readonly SimOptions Slow = SimOptions.Instant with { Step = TimeSpan.FromMilliseconds(2) };

    private readonly List<ServedModel> _models = [];
    private SiloServer _server = null!;
    private HttpClient _http = null!;
    private IEnumerable<HealthCheck> _checks = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server =
            await SiloServer.StartAsync(new SiloOptions { Name = "a", Port = 0, Checks = () => _checks }, cancellationToken: Cancellation);
        _http = new HttpClient { BaseAddress = new Uri($"http://{_server.EndPoint}/") };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        foreach (var model in _models)
        {
            Assert.Equal(0, model.Engine.GetStatus().UsedBlocks);
            await model.DisposeAsync();
        }
    }

    [Fact]
    public async Task Request_ByModelName_GoesToTheRankWithTheLeastWork()
    {
        var first = await RegisterAsync(ReplicaId.Parse("m/r0"), 0, 1, "m", "alias");
        var second = await RegisterAsync(ReplicaId.Parse("m/r0"), 1, 1, "m", "alias");

        var long1 = AskAsync("m", maxTokens: 300);
        await WaitAsync(() => first.Streams + second.Streams == 1);
        var busy = first.Streams == 1 ? first : second;
        using var answer = await AskAsync("alias", maxTokens: 1);

        Assert.Equal((busy == first ? second : first).Id.ToString(), answer.Headers.GetValues(GridHeaders.Rank).Single());
        Assert.Equal(busy.Id.ToString(), (await long1).Headers.GetValues(GridHeaders.Rank).Single());
        using var chosen = await AskAsync("m", header: (GridHeaders.DataParallelRank, "1"));
        Assert.Equal("m/r0/dp1", chosen.Headers.GetValues(GridHeaders.Rank).Single());
        Assert.Equal((0, 0), (first.Streams, second.Streams));
    }

    [Fact]
    public async Task Request_ForAnotherEpochOrRank_Is409AndMayBeRetried()
    {
        await RegisterAsync(ReplicaId.Parse("m/r0"), 0, 7, "m");

        using var right = await AskAsync("m", rank: "m/r0/dp0", epoch: 7);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        foreach (var (rank, epoch) in new[] { ("m/r0/dp0", 6L), ("m/r0/dp0", 8), ("m/r0/dp1", 7), ("other/r0/dp0", 7) })
        {
            using var wrong = await AskAsync("m", rank: rank, epoch: epoch);
            var (status, error) = await SiloTestBed.ErrorOfAsync(wrong);
            Assert.Equal((409, "stale_epoch"), (status, error.GetProperty("code").GetString()));
            Assert.Equal("1", wrong.Headers.GetValues(GridHeaders.Retry).Single());
        }
    }

    [Fact]
    public async Task Drain_WithTime_RefusesNewWorkAndLetsStreamsEnd()
    {
        var rank = await RegisterAsync(ReplicaId.Parse("m/r0"), 0, 1, "m");
        var other = await RegisterAsync(ReplicaId.Parse("n/r0"), 0, 1, "n");
        var running = AskAsync("m", maxTokens: 100);
        await WaitAsync(() => rank.Streams == 1);

        var drain = rank.DrainAsync(TimeSpan.FromSeconds(30), Cancellation);
        using var refused = await AskAsync("m", rank: "m/r0/dp0", epoch: 1);
        var (status, error) = await SiloTestBed.ErrorOfAsync(refused);

        Assert.Equal((503, "draining"), (status, error.GetProperty("code").GetString()));
        Assert.Equal("1", refused.Headers.GetValues(GridHeaders.Retry).Single());
        Assert.True(refused.Headers.ConnectionClose);
        Assert.Equal(ShardState.Draining, rank.GetStatus(TimeSpan.FromSeconds(30)).State);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("n")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await running).StatusCode);
        Assert.Equal(0, await drain);
        rank.Accept();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("m")).StatusCode);
        Assert.True(other.Accepting);
    }

    [Fact]
    public async Task Unregister_RankWithAClient_CutsItAndForgetsTheRank()
    {
        var rank = await RegisterAsync(ReplicaId.Parse("m/r0"), 0, 1, "m");
        var running = AskAsync("m", maxTokens: 8000);
        await WaitAsync(() => rank.Streams == 1);

        await _server.Ranks.UnregisterAsync(rank);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await running).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync("m")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await AskAsync("m", rank: "m/r0/dp0", epoch: 1)).StatusCode);
        await WaitAsync(() => rank.Model.Engine.GetStatus().UsedBlocks == 0);
    }

    [Fact]
    public async Task Register_SameEpochTwice_IsRefused()
    {
        var rank = await RegisterAsync(ReplicaId.Parse("m/r0"), 0, 2, "m");

        Assert.Throws<InvalidOperationException>(() => _server.Ranks.Register(rank.Identity, rank.Model));
        var next = _server.Ranks.Register(rank.Identity with { Epoch = 3 }, rank.Model);
        await _server.Ranks.UnregisterAsync(rank);
        using var answer = await AskAsync("m", rank: "m/r0/dp0", epoch: 3);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(next, _server.Ranks.Ranks.Single());
    }

    [Fact]
    public async Task Status_WithWork_CountsStreamsAndQueuedTokens()
    {
        var rank = await RegisterAsync(ReplicaId.Parse("m/r0"), 0, 4, "m");
        var running = AskAsync("m", maxTokens: 4000);
        await WaitAsync(() => rank.Model.Engine.GetStatus().Running == 1);
        var waiting = AskAsync("m", maxTokens: 4000);
        await WaitAsync(() => rank.Model.Engine.GetStatus().Waiting == 1);

        var status = rank.GetStatus(TimeSpan.FromSeconds(30));

        Assert.Equal((RankId.Parse("m/r0/dp0"), 4L, 2, 1, 1, 5L),
            (status.Id, status.Epoch, status.Streams, status.Running, status.Waiting, status.QueuedTokens));
        Assert.Equal((1, "sim", false, ShardState.Ready), (status.MaxNumSeqs, status.Numerics, status.Stuck, status.State));
        Assert.Equal(2, await rank.HandOverAsync(HandOverReason.Lost));
        Assert.Equal([HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable],
            (await Task.WhenAll(running, waiting)).Select(answer => answer.StatusCode));
        await WaitAsync(
            () => rank.GetStatus(TimeSpan.FromSeconds(30)) is { Running: 0, Waiting: 0, QueuedTokens: 0, Streams: 0, KVUsage: 0 });
    }

    [Fact]
    public async Task Probes_RanksComeAndGo_TellTheTruth()
    {
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("readyz", Cancellation)).StatusCode);
        _checks = [new HealthCheck("membership", false, "not_a_member", "The silo is no member of the cluster.")];
        Assert.Equal("not_a_member\n", await (await _http.GetAsync("readyz", Cancellation)).Content.ReadAsStringAsync(Cancellation));
        _checks = [];
        _server.Ranks.SetDraining(true);
        Assert.Equal("draining\n", await (await _http.GetAsync("readyz", Cancellation)).Content.ReadAsStringAsync(Cancellation));
        var rank = await RegisterAsync(ReplicaId.Parse("m/r0"), 0, 1, "m");
        Assert.False(rank.Accepting);
        _server.Ranks.SetDraining(false);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("m")).StatusCode);
    }

    [Fact]
    public async Task Models_OfAllRanks_AreListedOnce()
    {
        await RegisterAsync(ReplicaId.Parse("m/r0"), 0, 1, "m", "alias");
        await RegisterAsync(ReplicaId.Parse("m/r0"), 1, 1, "m", "alias");
        await RegisterAsync(ReplicaId.Parse("n/r0"), 0, 1, "n");

        var list = await _http.GetFromJsonAsync<JsonElement>("v1/models", Cancellation);
        Assert.Equal(["m", "alias", "n"], list.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
        using var tokens = await _http.PostAsJsonAsync("tokenize", new { model = "n", prompt = "ab" }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, tokens.StatusCode);
        using var unnamed = await _http.PostAsJsonAsync("tokenize", new { prompt = "ab" }, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, unnamed.StatusCode);
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested);
            await Task.Yield();
        }
    }

    private async Task<ServedRank> RegisterAsync(ReplicaId replica, int rank, long epoch, params string[] names)
    {
        var model =
            await ModelLoader.LoadAsync(new EngineOptions { Model = "sim", MaxNumSeqs = 1 }, names[0], simulation: Slow, engine: rank);
        _models.Add(model);
        return _server.Ranks.Register(new RankIdentity(replica, rank, epoch, names), model);
    }

    private Task<HttpResponseMessage> AskAsync(string model, int maxTokens = 1, string? rank = null, long? epoch = null,
        (string Name, string Value)? header = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post,
            "v1/completions")
        { Content = JsonContent.Create(new { model, prompt = "Hello", max_tokens = maxTokens }) };
        if (rank is not null) request.Headers.Add(GridHeaders.Rank, rank);
        if (epoch is not null) request.Headers.Add(GridHeaders.Epoch, $"{epoch}");
        if (header is { } extra) request.Headers.Add(extra.Name, extra.Value);
        return _http.SendAsync(request, Cancellation);
    }
}
