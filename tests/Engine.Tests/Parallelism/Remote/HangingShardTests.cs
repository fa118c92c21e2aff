using System.Threading.Channels;
using Grid.Engine.Configuration;
using Grid.Engine.Loading;
using Grid.Engine.Models.Files;
using Grid.Engine.Parallelism.Remote;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Primitives.Options;
using Grid.TestUtilities;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Engine.Tests.Parallelism.Remote;

/// <summary>A rank of three nodes of which the one in the middle stands still: nothing may wait for the deadline of a collective.</summary>
[Collection(nameof(OneThreadAShard))]
public sealed class HangingShardTests
{
    private const int Hanging = 1;

    // Far below the collectives'.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly EngineOptions Options = new()
    {
        Model = Fixtures.Own("hf/llama-llama3rope"),
        DType = ModelDType.Float32,
        CpuThreads = 1,
        PipelineParallelSize = 3,
        NumGpuBlocksOverride = 64,
        MaxModelLen = 128,
        // A prompt a step: every stage has one in its queue.
        MaxNumBatchedTokens = 16,
        CollectiveTimeout = TimeSpan.FromMinutes(5),
    };

    [Fact]
    public async Task DisposeAsync_WhileAShardHangs_EndsTheOthersBeforeTheCollectiveTimesOut()
    {
        var grid = new ShardGrid(3);
        var engine = await LoadAsync(grid);
        var streams = await BeginAsync(engine, grid);

        await engine.DisposeAsync().AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);

        await Task.WhenAll(grid.Ended(0), grid.Ended(2)).WaitAsync(Patience, TestContext.Current.CancellationToken);
        foreach (var stream in streams)
            Assert.Equal("The engine has stopped: it was shut down.",
                (await stream.ReadAsync(TestContext.Current.CancellationToken)).Error);
        Assert.Null(engine.GetStatus().Failure);
        Assert.False(grid.Ended(Hanging).IsCompleted, "the shard that hangs has ended");
        grid.Wake(Hanging);
        await grid.Ended(Hanging).WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Stop_OfAShardThatWaitsForOneThatHangs_EndsItAndIsNotCalledAFailure()
    {
        var grid = new ShardGrid(3);
        await using var engine = await LoadAsync(grid);
        var streams = await BeginAsync(engine, grid);

        await grid.StopAsync(2).WaitAsync(Patience, TestContext.Current.CancellationToken);

        await Task.WhenAll(grid.Ended(0), grid.Ended(2)).WaitAsync(Patience, TestContext.Current.CancellationToken);
        const string Reason = "The rank is being unloaded: shard pp2/tp0 (node-2) was asked to stop.";
        foreach (var stream in streams)
            Assert.Equal($"The engine has stopped: {Reason}", (await stream.ReadAsync(TestContext.Current.CancellationToken)).Error);
        Assert.Equal(Reason, engine.GetStatus().Failure);
        grid.Wake(Hanging);
        await grid.Ended(Hanging).WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(1, "receive")]
    [InlineData(2, "compute")]
    public async Task GetStatus_WhileAShardHangs_NamesOperationStepAndRankBeforeTheDeadline(int hanging, string operation)
    {
        var time = new FakeTimeProvider();
        var grid = new ShardGrid(3, time: time);
        await using var engine = await LoadAsync(grid, time: time);
        Assert.Null(engine.GetStatus().Waits);
        await BeginAsync(engine, grid, hanging);

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (engine.GetStatus() is { Waits: null, Failure: null })
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            time.Advance(Options.LongWait / 4);
        }

        Assert.Matches($@"^{operation} at step \d+ is waiting for shard pp{hanging}/tp0 \(node-{hanging}\)$", engine.GetStatus().Waits);
        await engine.DisposeAsync().AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        grid.Wake(hanging);
        await grid.Ended(hanging).WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task CreateAsync_WhileAShardHangs_EndsWhenItIsStopped()
    {
        var grid = new ShardGrid(3);
        grid.Hang(Hanging);
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(grid, shards: grid.Shards with { Stop = stop.Token });
        await grid.Missed(Hanging).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.False(load.IsCompleted, "loaded without a shard");

        await stop.CancelAsync();

        await Assert.ThrowsAsync<ModelLoadException>(() => load.WaitAsync(Patience, TestContext.Current.CancellationToken));
        grid.Wake(Hanging);
    }

    private static Task<LLMEngine> LoadAsync(
        ShardGrid grid, EngineOptions? options = null, RemoteShards? shards = null, TimeProvider? time = null)
    {
        options ??= Options;
        var config = ModelConfigReader.Read(Path.Combine(options.Model, "config.json"));
        return LLMEngine.CreateAsync(
            () => ModelRunnerFactory.Create(config, null, options, null, shards ?? grid.Shards, null, NullLogger.Instance, time), options);
    }

    /// <summary>Requests whose first steps wait for the shard that hangs.</summary>
    private static async Task<ChannelReader<EngineOutput>[]> BeginAsync(LLMEngine engine, ShardGrid grid, int hanging = Hanging)
    {
        grid.Hang(hanging);
        ChannelReader<EngineOutput>[] streams = [.. Enumerable.Range(0, 4).Select(request => engine.Submit([new EngineRequest
        {
            Id = $"{request}",
            PromptTokenIds = [.. Enumerable.Range(request + 1, 16)],
            Sampling = new SamplingParams { MaxTokens = 8, Seed = 1, Temperature = 0 },
        }])[0])];
        await grid.Missed(hanging).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return streams;
    }
}
