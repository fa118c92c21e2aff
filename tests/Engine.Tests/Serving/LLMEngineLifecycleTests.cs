using Grid.Engine.Configuration;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Primitives.Options;
using static Grid.Engine.Tests.Serving.EngineTestBed;

namespace Grid.Engine.Tests.Serving;

public sealed class LLMEngineLifecycleTests : IDisposable
{
    private FaultyRunner? _runner;

    [Fact]
    public async Task Abort_Running_FreesItsBlocksWithinOneStep()
    {
        await using var engine = await GatedAsync();
        var reader = engine.Submit(Request("a", Prompt(40), maxTokens: 400));
        _runner!.Release(1);
        await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, engine.GetStatus().UsedBlocks);

        // One step is in progress and may end; no other may begin.
        engine.Abort("a");
        _runner.Release(1);
        var outputs = await ReadAsync(reader);

        Assert.InRange(Tokens(outputs).Length, 0, 1);
        Assert.Equal((-1, FinishReason.Abort), (outputs[^1].TokenId, outputs[^1].FinishReason));
        await engine.DrainAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, 0), (engine.GetStatus().UsedBlocks, engine.GetStatus().Running));
    }

    [Fact]
    public async Task Abort_Waiting_EndsItAndMakesRoom()
    {
        await using var engine = await GatedAsync(Options with { MaxNumSeqs = 1, MaxNumQueuedReqs = 2 });
        var running = engine.Submit(Request("a", Prompt(4), maxTokens: 5));
        _runner!.Release(1);
        await running.ReadAsync(TestContext.Current.CancellationToken);
        var waiting = engine.Submit([Request("b", Prompt(4)), Request("c", Prompt(4))]);
        Assert.Equal(2, engine.GetStatus().Waiting);
        Assert.Throws<QueueFullException>(() => engine.Submit(Request("d", Prompt(4))));

        engine.Abort("b");
        engine.Abort("nobody");
        _runner.Release(100);

        Assert.Equal(FinishReason.Abort, (await ReadAsync(waiting[0])).Single().FinishReason);
        Assert.Equal(16, (await ReadAsync(waiting[1])).Count);
        Assert.Equal(4, (await ReadAsync(running)).Count);
        Assert.Equal(2, (await ReadAsync(engine.Submit(Request("d", Prompt(4), maxTokens: 2)))).Count);
    }

    [Fact]
    public async Task Stop_Running_EndsWithStop()
    {
        await using var engine = await GatedAsync();
        var reader = engine.Submit(Request("a", Prompt(4)));
        engine.Stop("a");
        _runner!.Release(10);
        Assert.Equal(FinishReason.Stop, (await ReadAsync(reader))[^1].FinishReason);
    }

    [Fact]
    public async Task Submit_StepThrows_EndsEveryRequestAndRefusesMore()
    {
        await using var engine = await CreateAsync(wrap: inner => _runner = new FaultyRunner(inner) { Breaks = step => step.Step == 3 });
        var streams = engine.Submit([.. Enumerable.Range(0, 5).Select(i => Request($"{i}", Prompt(4)))]);

        foreach (var stream in streams)
        {
            var outputs = new List<EngineOutput>();
            var exception = await Assert.ThrowsAsync<EngineDeadException>(async () =>
            {
                await foreach (var output in stream.ReadAllAsync(TestContext.Current.CancellationToken)) outputs.Add(output);
            });
            Assert.Contains("the device fell off", exception.Message);
            Assert.Equal(2, Tokens(outputs).Length);
            Assert.Equal(FinishReason.Error, outputs[^1].FinishReason);
            Assert.Contains("the device fell off", outputs[^1].Error);
        }

        Assert.Equal("the device fell off", engine.GetStatus().Failure);
        Assert.Equal((0, 0), (engine.GetStatus().Running, engine.GetStatus().Waiting));
        Assert.Contains("the device fell off", Assert.Throws<EngineDeadException>(() => engine.Submit(Request("late", Prompt(4)))).Message);
        engine.Abort("0");
        await engine.DrainAsync(TestContext.Current.CancellationToken);
        await engine.DisposeAsync();
        Assert.True(_runner!.Disposed);
    }

    [Fact]
    public async Task Submit_LogitsAreNaN_EndsThatRequestOnly()
    {
        await using var engine = await CreateAsync(wrap: inner => new FaultyRunner(inner) { Poisoned = "bad" });
        var good = Request("good", Prompt(4));
        var streams = engine.Submit([good, Request("bad", Prompt(5)), Request("last", Prompt(6))]);

        var bad = await ReadAsync(streams[1]);
        Assert.Equal(FinishReason.Error, bad.Single().FinishReason);
        Assert.Contains("finite", bad.Single().Error);
        Assert.Equal(Expected(good), Tokens(await ReadAsync(streams[0])));
        Assert.Equal(16, (await ReadAsync(streams[2])).Count);
        Assert.Null(engine.GetStatus().Failure);
        await engine.DrainAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, engine.GetStatus().UsedBlocks);
    }

    [Fact]
    public async Task DrainAsync_WorkInProgress_CompletesAfterItAndRefusesMore()
    {
        await using var engine = await GatedAsync();
        var reader = engine.Submit(Request("a", Prompt(4), maxTokens: 3));
        var drained = engine.DrainAsync(TestContext.Current.CancellationToken);

        Assert.False(drained.IsCompleted);
        Assert.True(engine.GetStatus().Draining);
        Assert.Throws<EngineDrainingException>(() => engine.Submit(Request("b", Prompt(4))));
        _runner!.Release(3);
        await drained.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(3, (await ReadAsync(reader)).Count);
    }

    [Fact]
    public async Task DisposeAsync_WorkInProgress_EndsIt()
    {
        var engine = await GatedAsync();
        var streams = engine.Submit([Request("a", Prompt(4)), Request("b", Prompt(4))]);
        _runner!.Release(1);
        await streams[1].ReadAsync(TestContext.Current.CancellationToken);
        _runner.Release(1);

        await engine.DisposeAsync().AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);

        foreach (var stream in streams) await Assert.ThrowsAsync<EngineDeadException>(() => ReadAsync(stream));
        Assert.Throws<EngineDeadException>(() => engine.Submit(Request("c", Prompt(4))));
        Assert.True(_runner.Disposed);
        Assert.Null(engine.GetStatus().Failure);
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Submit_FromManyThreads_AnswersAll()
    {
        await using var engine = await CreateAsync(Options with { NumGpuBlocksOverride = 40, MaxNumSeqs = 16 });
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            var request = Request($"{i}", Prompt(1 + i % 50, seed: i), maxTokens: 1 + i % 20);
            Assert.Equal(Expected(request), Tokens(await ReadAsync(engine.Submit(request))));
        });
        await engine.DrainAsync(TestContext.Current.CancellationToken);
        Assert.Equal(40, engine.GetStatus().FreeBlocks + engine.GetStatus().CachedBlocks);
    }

    public void Dispose() => _runner?.Dispose();

    private Task<LLMEngine> GatedAsync(EngineOptions? options = null) =>
        CreateAsync(options, wrap: inner => _runner = new FaultyRunner(inner) { Gated = true });
}
