using Grid.Engine.Simulation;

namespace Grid.Silo.Tests;

/// <summary>Ten thousand requests leave the process as two thousand did. Alone, because it reads the whole process.</summary>
[CollectionDefinition(nameof(SoakTests), DisableParallelization = true)]
[Collection(nameof(SoakTests))]
public sealed class SoakTests
{
    private const int Warmup = 1_000, Early = 2_000, Late = 10_000, Clients = 16;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_AfterTenThousandRequests_IsAsAtRest()
    {
        await using var bed = await SiloTestBed.StartAsync(
            simulation: SimOptions.Instant, engine: options => options with { NumGpuBlocksOverride = 2_048, MaxNumSeqs = 32 });
        var blocks = bed.Status.FreeBlocks + bed.Status.CachedBlocks;

        await AskAsync(bed, 0, Warmup);
        await AskAsync(bed, Warmup, Early);
        var early = Memory();
        await AskAsync(bed, Early, Late);
        var late = Memory();

        TestContext.Current.TestOutputHelper!.WriteLine($"resident set at {Early} requests {early >> 20} MiB, at {Late} {late >> 20} MiB");
        Assert.InRange(late / (double)early, 0, 1.05);
        await bed.WaitForAsync(status => status is { Running: 0, Waiting: 0, UsedBlocks: 0 });
        Assert.Equal(blocks, bed.Status.FreeBlocks + bed.Status.CachedBlocks);
    }

    /// <summary>Every prompt is new; a third streams, a third draws two choices, and one in ten goes away early.</summary>
    private static Task AskAsync(SiloTestBed bed, int from, int to) =>
        Parallel.ForEachAsync(Enumerable.Range(from, to - from),
        new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = Cancellation }, async (i, _) =>
        {
            var stream = i % 3 == 0;
            using var response = await bed.OpenAsync(
                "v1/completions",
                new { model = "sim", prompt = $"{i} {new string('x', i % 200)}", max_tokens = 8 + i % 24, n = 1 + i % 3 / 2, stream });
            if (stream && i % 10 == 0) return;
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.True(stream ? text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal) : text.EndsWith('}'), text);
        });

    private static long Memory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }
}
