using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;
using Grid.Engine.Configuration;
using Grid.Engine.Offline;
using Grid.Engine.Requests;
using Grid.Primitives.Options;
using Grid.Silo.Ranks;
using Grid.TestUtilities;

namespace Grid.Silo.Tests.Shards;

public sealed class HostedExpertsTests
{
    private const int MaxTokens = 24;
    private static readonly string Source = Fixtures.Own("hf/qwen3-moe");
    private static readonly ModelSpec Spec =
        new("moe", Source, 1, null, 1, Engine: new() { ["dtype"] = "float32", ["numGpuBlocksOverride"] = "64" });
    private static readonly int[] Prompt = [3, 9, 4, 11, 5];

    [Fact]
    public async Task Rank_WithExpertsHereAndElsewhere_GivesTheTokensOfOneDevice()
    {
        await using var bed = new ExpertHostsBed(Spec);
        bed.Start("a", "b");
        var plan = bed.Plan((ShardId.Parse("dp0/pp0/tp0"), "a", 0), (ShardId.Parse("dp1/pp0/tp0"), "a", 0), (ShardId.Parse("ep0"), "a", 0),
            (ShardId.Parse("ep1"), "b", 0));
        bed.Tell(plan);
        await bed.WaitReadyAsync(plan);
        var expected = OneDevice();
        Assert.Equal(expected, await GenerateAsync(bed.Rank("a")));
        Assert.Equal(expected, await GenerateAsync(bed.Rank("a", 1)));
        Assert.Null(bed.Report("a").Lost);

        bed.Tell(plan, ReplicaTarget.Stop);
        await bed.WaitAsync("a", report => report.Shards.Length == 0);
        await bed.WaitAsync("b", report => report.Shards.Length == 0);
    }

    [Fact]
    public async Task Rank_WhoseExpertsDie_TellsOfItAndGoesOnWithTheirSuccessor()
    {
        await using var bed = new ExpertHostsBed(Spec);
        bed.Start("a", "b", "c");
        var plan = bed.Plan((ShardId.Parse("dp0/pp0/tp0"), "a", 0), (ShardId.Parse("ep0"), "a", 0), (ShardId.Parse("ep1"), "b", 0));
        bed.Tell(plan);
        await bed.WaitReadyAsync(plan);

        await bed.KillAsync("b");
        var running = GenerateAsync(bed.Rank("a"));
        var report = await bed.WaitAsync("a", report => report.Lost is not null);
        var loss = Assert.Single(report.Lost!);
        Assert.Equal((ReplicaId.Parse("moe/r0"), 1L, ExpertShardId.Parse("ep1"), 0),
            (loss.Replica, loss.Epoch, loss.Shard, loss.Generation));
        Assert.False(running.IsCompleted);

        var next = bed.Plan((ShardId.Parse("dp0/pp0/tp0"), "a", 0), (ShardId.Parse("ep0"), "a", 0), (ShardId.Parse("ep1"), "c", 1));
        bed.Tell(next);
        Assert.Equal(OneDevice(), await running);
        await bed.WaitAsync("a", report => report.Lost is null);

        // And again to the node where the ranks are, without a link.
        var last = bed.Plan((ShardId.Parse("dp0/pp0/tp0"), "a", 0), (ShardId.Parse("ep0"), "a", 0), (ShardId.Parse("ep1"), "a", 2));
        await bed.KillAsync("c");
        bed.Tell(last);
        await bed.WaitReadyAsync(last);
        Assert.Equal(OneDevice(), await GenerateAsync(bed.Rank("a")));
    }

    [Fact]
    public async Task Unload_OfARankThatWaitsForLostExperts_DoesNotWaitForThem()
    {
        await using var bed = new ExpertHostsBed(Spec with { Engine = new(Spec.Engine!) { ["collectiveTimeout"] = "10m" } });
        bed.Start("a", "b");
        var plan = bed.Plan((ShardId.Parse("dp0/pp0/tp0"), "a", 0), (ShardId.Parse("ep0"), "b", 0), (ShardId.Parse("ep1"), "b", 0));
        bed.Tell(plan);
        await bed.WaitReadyAsync(plan);
        await bed.KillAsync("b");
        var running = GenerateAsync(bed.Rank("a"));
        await bed.WaitAsync("a", report => report.Lost is not null);

        bed.Tell(plan, ReplicaTarget.Stop);
        await bed.WaitAsync("a", report => report.Shards.Length == 0);
        await Assert.ThrowsAsync<EngineDeadException>(() => running);
    }

    private static int[] OneDevice()
    {
        using var llm = new LLM(Source, new() { DType = ModelDType.Float32, CpuThreads = 1, NumGpuBlocksOverride = 64 });
        return [.. llm.Generate(Prompt, Greedy())[0].Outputs[0].TokenIds];
    }

    private static async Task<int[]> GenerateAsync(ServedRank rank)
    {
        var stream = rank.Model.Engine.Submit(
            [new EngineRequest { Id = Guid.NewGuid().ToString(), PromptTokenIds = Prompt, Sampling = Greedy() }])[0];
        var tokens = new List<int>();
        await foreach (var output in stream.ReadAllAsync(TestContext.Current.CancellationToken)) tokens.Add(output.TokenId);
        return [.. tokens];
    }

    private static SamplingParams Greedy() => new() { Temperature = 0, MaxTokens = MaxTokens, IgnoreEos = true, Seed = 1 };
}
