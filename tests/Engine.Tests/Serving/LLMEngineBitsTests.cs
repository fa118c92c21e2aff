using Grid.Engine.Execution;
using Grid.Engine.Loading;
using Grid.Engine.Models.Files;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Engine.Tests.Devices;
using Grid.Engine.Tests.Execution;
using Grid.Primitives.Options;
using Grid.TestUtilities;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Engine.Tests.Serving;

/// <summary>The bits of a token's logits may not depend on what else the engine does. On models/guide, through the whole engine.</summary>
public sealed class LLMEngineBitsTests
{
    private const int Requests = 10, OutputTokens = 20, SharedPrefix = 40;

    public static TheoryData<string> DTypes => ["float32", "bfloat16"];

    [Theory, MemberData(nameof(DTypes))]
    public async Task Generate_AllInOneBatch_GivesTheBitsOfEachAlone(string dtype)
    {
        CpuBFloat16.SkipUnlessComputed(dtype);
        var alone = await RunAsync(Options(dtype) with { MaxNumSeqs = 1, EnablePrefixCaching = false });
        var batched = await RunAsync(Options(dtype) with { EnablePrefixCaching = false });

        Assert.Equal(1, alone.Runner.MostRequestsInAStep);
        Assert.Equal(Requests, batched.Runner.MostRequestsInAStep);
        AssertSame(alone, batched);
    }

    [Theory, MemberData(nameof(DTypes))]
    public async Task Generate_InAnyChunks_GivesTheBitsOfWholePrompts(string dtype)
    {
        CpuBFloat16.SkipUnlessComputed(dtype);
        var whole = await RunAsync(Options(dtype) with { EnablePrefixCaching = false });
        foreach (var budget in new[] { 11, 16, 37 })
            AssertSame(whole,
                await RunAsync(Options(dtype) with { EnablePrefixCaching = false, MaxNumBatchedTokens = budget, MaxNumSeqs = 10 }));
    }

    [Theory, MemberData(nameof(DTypes))]
    public async Task Generate_WithPrefixHits_GivesTheBitsOfComputedPrompts(string dtype)
    {
        CpuBFloat16.SkipUnlessComputed(dtype);
        var computed = await RunAsync(Options(dtype) with { EnablePrefixCaching = false });
        var cached = await RunAsync(Options(dtype) with { MaxNumSeqs = 2 });

        Assert.Equal(0, computed.CachedTokens);
        Assert.True(cached.CachedTokens > 0);
        AssertSame(computed, cached);
    }

    [Theory, MemberData(nameof(DTypes))]
    public async Task Generate_WithPreemptions_GivesTheBitsOfAnUnbrokenRun(string dtype)
    {
        CpuBFloat16.SkipUnlessComputed(dtype);
        var unbroken = await RunAsync(Options(dtype) with { EnablePrefixCaching = false });
        var preempted = await RunAsync(Options(dtype) with { EnablePrefixCaching = false, NumGpuBlocksOverride = 32, MaxModelLen = 128 });

        Assert.Equal(0, unbroken.Preemptions);
        Assert.True(preempted.Preemptions > 0);
        AssertSame(unbroken, preempted);
    }

    private static EngineOptions Options(string dtype) =>
        new() { Model = Fixtures.Model("guide"), DType = EngineChoices.DTypes.Parse(dtype), MaxModelLen = 256, NumGpuBlocksOverride = 512 };

    private static void AssertSame(Run expected, Run actual)
    {
        Assert.Equal(expected.Tokens, actual.Tokens);
        foreach (var (key,
            bits) in expected.Runner.Rows) Assert.True(actual.Runner.Rows[key] == bits, $"Logits of {key} differ in their bits.");
        Assert.Equal(expected.Runner.Rows.Count, actual.Runner.Rows.Count);
    }

    private static async Task<Run> RunAsync(EngineOptions options)
    {
        RecordingModelRunner? runner = null;
        await using var engine = await LLMEngine.CreateAsync(() => runner = new RecordingModelRunner(Load(options)), options);
        var readers = engine.Submit([.. Enumerable.Range(0, Requests).Select(Request)]);
        var outputs = await Task.WhenAll(readers.Select(EngineTestBed.ReadAsync));
        Assert.All(outputs, each => Assert.Null(each[^1].Error));
        var status = engine.GetStatus();
        Assert.Equal(0, status.UsedBlocks);
        return new Run(runner!, [.. outputs.Select(EngineTestBed.Tokens)], outputs.Sum(each => each[0].CachedTokens), status.Preemptions);
    }

    private static IModelRunner Load(EngineOptions options)
    {
        var files = ModelFiles.Resolve(options.Model);
        var config = files.ReadConfig();
        using var weights = files.OpenWeights(config);
        return ModelRunnerFactory.Create(config, weights, options, null, NullLogger.Instance);
    }

    // Half of them greedy, half drawn; all share the beginning of their prompts.
    private static EngineRequest Request(int index)
    {
        var random = new Random(index);
        int[] shared = [.. Enumerable.Range(0, SharedPrefix).Select(i => 100 + i * 7)];
        int[] own = [.. Enumerable.Range(0, 3 + index * 4).Select(_ => random.Next(3, 3072))];
        var sampling = new SamplingParams { Temperature = index % 2, Seed = index, IgnoreEos = true, MaxTokens = OutputTokens };
        return new() { Id = $"request-{index}", PromptTokenIds = [.. shared, .. own], Sampling = sampling };
    }

    private sealed record Run(RecordingModelRunner Runner, int[][] Tokens, int CachedTokens, long Preemptions);
}
