using Grid.Engine.Execution;
using Grid.Engine.Loading;
using Grid.Engine.Models.Files;
using Grid.Engine.Models.Families;
using Grid.Engine.Requests;
using Grid.Engine.Simulation;
using Grid.Engine.Tests.Devices;
using Grid.Engine.Tests.Models;
using Grid.Engine.Tests.Parallelism.Remote;
using Grid.Engine.Weights.Folders;
using Grid.Primitives.Options;
using Grid.TestUtilities;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Engine.Tests.Execution;

/// <summary>A request that goes on in another runner, from the exported blocks of the first one.</summary>
public sealed class KVBlockTransferTests
{
    public static TheoryData<string, string, string> Runners()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var name in new[] { "llama-bias-headdim", "gpt2", "mistral-window", "qwen3-moe" })
            foreach (var runner in new[] { "auto", "eager" })
                foreach (var dtype in new[] { "float32", "bfloat16" }) data.Add(name, runner, dtype);
        return data;
    }

    [Theory, MemberData(nameof(Runners))]
    public void Import_IntoAnotherCache_GoesOnWithTheSameBits(string name, string runner, string dtype)
    {
        CpuBFloat16.SkipUnlessComputed(dtype);
        var folder = Fixtures.Own("hf/" + name);
        var prompt = Goldens.ReadTokens(folder)[2].Prompt;
        using var source = new StepDriver(folder, dtype, runner);
        using var target = new StepDriver(folder, dtype, runner, numBlocks: 61);
        target.ShuffleBlocks(new Random(5));
        var (first, other) = (StepDriver.Start(prompt), StepDriver.Start(prompt));
        source.Prefill(first);
        Move(source, first, target, other);
        Assert.Equal(source.Greedy(Next(first), 4).Select(step => step.Logits), target.Greedy(Next(other), 4).Select(step => step.Logits));
    }

    [Fact]
    public void Import_SimulatedModel_GoesOnWithTheSameTokens()
    {
        using var source = new StepDriver(new SimulatedModelRunner(SimOptions.Instant), 16);
        using var target = new StepDriver(new SimulatedModelRunner(SimOptions.Instant), 40);
        target.ShuffleBlocks(new Random(5));
        int[] prompt = [.. Enumerable.Range(0, 50)];
        var (first, other) = (StepDriver.Start(prompt), StepDriver.Start(prompt));
        source.Prefill(first);
        Move(source, first, target, other);
        Assert.Equal(source.Greedy(Next(first), 4).Select(step => step.Token), target.Greedy(Next(other), 4).Select(step => step.Token));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    public void Import_FromOneShardToSeveralAndBack_GivesTheGoldenTokens(int tensor, int pipeline)
    {
        var folder = Fixtures.Own("hf/mixtral");
        var (prompt, greedy) = Goldens.ReadTokens(folder)[2];
        var grid = new ShardGrid(tensor * pipeline);
        using (var whole = new StepDriver(folder))
        using (var threads = new StepDriver(Load(folder, tensor, pipeline, null), 128))
        using (var links = new StepDriver(Load(folder, tensor, pipeline, grid), 64))
        {
            Request[] requests = [.. Enumerable.Range(0, 4).Select(_ => StepDriver.Start(prompt))];
            whole.Prefill(requests[0]);
            Move(whole, requests[0], threads, requests[1]);
            Move(threads, requests[1], links, requests[2]);
            Move(links, requests[2], whole, requests[3]);
            Assert.Equal(Export(whole, requests[0]), Export(whole, requests[3]));
            Assert.Equal(requests[2].BlockTable.Count, links.Runner.KVCache.NumCommitted);
            Assert.Equal(greedy, links.Greedy(Next(requests[2]), greedy.Length).Select(step => step.Token));
            Assert.Equal(greedy, threads.Greedy(Next(requests[1]), greedy.Length).Select(step => step.Token));
        }

        grid.Join();
    }

    [Fact]
    public void Export_OfABlockThatNoShardHas_FailsAndTheRankGoesOn()
    {
        var folder = Fixtures.Own("hf/mixtral");
        var grid = new ShardGrid(2);
        using (var links = new StepDriver(Load(folder, 2, 1, grid), 64))
        {
            var cache = links.Runner.KVCache;
            Assert.Throws<ArgumentException>(() => cache.Export([5], 16, new byte[cache.Layout.BlockBytes]));
            var (prompt, greedy) = Goldens.ReadTokens(folder)[2];
            Assert.Equal(greedy, links.Greedy(StepDriver.Start(prompt), greedy.Length).Select(step => step.Token));
        }

        grid.Join();
    }

    // The last token of the prompt is computed again: its logits are what the first drawn token comes from.
    private static Request Next(Request request)
    {
        request.NumComputedTokens = request.NumTokens - 1;
        return request;
    }

    private static void Move(StepDriver source, Request from, StepDriver target, Request to)
    {
        target.Reserve(to, from.NumTokens);
        to.NumComputedTokens = from.NumTokens;
        target.Runner.KVCache.Import(to.BlockTable.Blocks, Export(source, from));
    }

    private static byte[] Export(StepDriver driver, Request request)
    {
        var cache = driver.Runner.KVCache;
        var bytes = new byte[request.BlockTable.Count * cache.Layout.BlockBytes];
        cache.Export(request.BlockTable.Blocks, request.NumComputedTokens, bytes);
        return bytes;
    }

    private static IModelRunner Load(string folder, int tensor, int pipeline, ShardGrid? grid)
    {
        var options = new EngineOptions
        {
            Model = folder, DType = ModelDType.Float32, CpuThreads = 1, TensorParallelSize = tensor, PipelineParallelSize = pipeline,
        };
        var config = ModelConfigReader.Read(Path.Combine(folder, "config.json"));
        using var weights = WeightSources.OpenFolder(folder, ModelRegistry.Of(config).TensorPrefix);
        return ModelRunnerFactory.Create(config, weights, options, null, grid?.Shards, null, NullLogger.Instance);
    }
}
