using System.Net;
using System.Text;
using System.Text.Json;
using Grid.Engine.Execution;
using Grid.Engine.KVCache;
using Grid.Engine.Scheduling;
using Grid.Engine.Serving;
using Grid.Engine.Simulation;
using Grid.Primitives.Options;
using Grid.Silo.Access;
using Grid.Silo.Hosting;
using Grid.Silo.Ranks;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Silo.Tests.Hosting;

public sealed class HealthTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readyz_BeforeTheModelIsThere_TellsThatItLoads()
    {
        await using var server =
            await SiloServer.StartAsync(new SiloOptions { Name = "a", ModelNames = ["m"], Port = 0 }, cancellationToken: Cancellation);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{server.EndPoint}/") };

        using var ready = await http.GetAsync("readyz", Cancellation);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "loading\n"),
            (ready.StatusCode, await ready.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("health", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("livez", Cancellation)).StatusCode);
        using var answer = await http.PostAsync("v1/completions",
            new StringContent("""{"model":"m","prompt":"x"}""", Encoding.UTF8, "application/json"), Cancellation);
        var (status, error) = await SiloTestBed.ErrorOfAsync(answer);
        Assert.Equal((503, "no_ready_replica"), (status, error.GetProperty("code").GetString()));
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task Readyz_Serving_IsOkInEveryCheck()
    {
        await using var bed = await SiloTestBed.StartAsync();

        Assert.Equal("ok\n", await bed.Http.GetStringAsync("readyz", Cancellation));
        using var verbose = JsonDocument.Parse(await bed.Http.GetStringAsync("readyz?verbose", Cancellation));
        Assert.Equal("ok", verbose.RootElement.GetProperty("status").GetString());
        Assert.All(verbose.RootElement.GetProperty("checks").EnumerateArray(), check => Assert.True(check.GetProperty("ok").GetBoolean()));
        using var version = JsonDocument.Parse(await bed.Http.GetStringAsync("version", Cancellation));
        Assert.Matches(@"^\d+\.\d+\.\d+", version.RootElement.GetProperty("version").GetString());
    }

    [Fact]
    public async Task Readyz_EngineDied_TellsItAndIsNotAlive()
    {
        await using var engine = await LLMEngine.CreateAsync(() => new BrokenRunner(), new EngineOptions { Model = "m", MaxModelLen = 32 });
        await using var bed = await SiloTestBed.StartAsync();
        await using var server =
            await SiloServer.StartAsync(new SiloOptions { Name = "a", ModelNames = ["m"], Port = 0 }, cancellationToken: Cancellation);
        var rank = server.Serve(WithEngine(bed.Model, engine));
        using var http = new HttpClient { BaseAddress = new Uri($"http://{server.EndPoint}/") };

        // The request that runs when it dies, and the next one.
        foreach (var (expected, code) in new[] { (500, "engine_error"), (503, "no_ready_replica") })
        {
            using var answer = await http.PostAsync("v1/completions",
                new StringContent("""{"model":"m","prompt":"x"}""", Encoding.UTF8, "application/json"), Cancellation);
            var (status, error) = await SiloTestBed.ErrorOfAsync(answer);
            Assert.Equal((expected, code), (status, error.GetProperty("code").GetString()));
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("livez", Cancellation)).StatusCode);
        using var verbose = await http.GetAsync("readyz?verbose", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, verbose.StatusCode);
        Assert.Contains("engine_stuck", await verbose.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("engine_stuck", server.Engines().Reason);

        // The rank is taken away, and what it died of is still to be seen.
        await server.Ranks.UnregisterAsync(rank);
        Assert.Contains(engine.GetStatus().Failure!, server.Checks().Single(check => check is { Name: "engine", Ok: true }).Message);
    }

    [Fact]
    public void InSameStep_WorkWithoutSteps_GrowsUntilAStepIsMade()
    {
        var time = new FakeTimeProvider();
        var watch = new EngineWatch(time);
        var idle = new EngineStatus(0, 0, 8, 0, 0, 5, 0, false, null);
        var busy = idle with { Running = 1 };

        Assert.Equal(TimeSpan.Zero, watch.InSameStep(idle));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.Zero, watch.InSameStep(busy));
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(TimeSpan.FromSeconds(31), watch.InSameStep(busy));
        Assert.Equal(TimeSpan.Zero, watch.InSameStep(busy with { Step = 6 }));
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(TimeSpan.Zero, watch.InSameStep(idle with { Step = 6 }));
    }

    private static ServedModel WithEngine(ServedModel model, LLMEngine engine) => new()
    {
        Options = model.Options,
        Engine = engine,
        Tokenizer = model.Tokenizer,
        Config = model.Config,
        GenerationConfig = model.GenerationConfig,
        Inputs = model.Inputs,
        ChatPrompts = model.ChatPrompts,
        Root = model.Root,
    };

    private sealed class BrokenRunner : IModelRunner
    {
        public ModelRunnerInfo Info { get; } = new(32_000, 16, 16, 1024, "broken")
        {
            KVBlock = new SimulatedModelRunner(SimOptions.Instant).Info.KVBlock, MaxModelLen = 32,
        };

        public IKVCacheStorage KVCache { get; } = new SimulatedModelRunner(SimOptions.Instant).KVCache;

        public void Submit(SchedulerOutput step) => throw new InvalidOperationException("the device fell off the bus");

        public ModelRunnerOutput Collect() => throw new InvalidOperationException("No step is in flight.");

        public void Dispose()
        {
        }
    }
}
