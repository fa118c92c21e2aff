using Grid.Engine.Requests;
using Grid.Primitives.Options;
using static Grid.Engine.Tests.Serving.EngineTestBed;

namespace Grid.Engine.Tests.Serving;

/// <summary>Nothing that the scheduler does may change a token.</summary>
public sealed class LLMEngineInvarianceTests
{
    public static TheoryData<string> Layouts => [.. OptionsByName.Keys];

    private static Dictionary<string, EngineOptions> OptionsByName { get; } = new()
    {
        ["one at a time"] = Options with { MaxNumSeqs = 1 },
        ["chunks of 1"] = Options with { MaxNumBatchedTokens = 1 },
        ["chunks of 5"] = Options with { MaxNumBatchedTokens = 5 },
        ["chunks of 64"] = Options with { MaxNumBatchedTokens = 64 },
        ["no chunked prefill"] = Options with { EnableChunkedPrefill = false },
        ["no prefix cache"] = Options with { EnablePrefixCaching = false },
        ["blocks of 1"] = Options with { BlockSize = 1 },
        ["blocks of 32"] = Options with { BlockSize = 32 },
        ["preemption"] = Options with { NumGpuBlocksOverride = 32 },
        ["preemption without prefix cache"] = Options with { NumGpuBlocksOverride = 32, EnablePrefixCaching = false },
        ["preemption and chunks of 50"] = Options with { NumGpuBlocksOverride = 32, MaxNumBatchedTokens = 50 },
        ["preemption by priority"] = Options with { NumGpuBlocksOverride = 32, SchedulingPolicy = SchedulingPolicy.Priority },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task Submit_AnyLayout_YieldsTheSameTokensAndLogprobs(string layout)
    {
        await using var engine = await CreateAsync(OptionsByName[layout]);
        EngineRequest[] requests = [.. Enumerable.Range(0, 24).Select(Mixed)];
        var streams = engine.Submit(requests);
        for (var i = 0; i < requests.Length; i++)
        {
            var outputs = await ReadAsync(streams[i]);
            Assert.Equal(requests[i].Sampling.MaxTokens, outputs.Count);
            if (requests[i].Sampling.Temperature == 0) Assert.Equal(Expected(requests[i]), Tokens(outputs));
            else Assert.Equal(await AloneAsync(requests[i]), Tokens(outputs));
            if (requests[i].Sampling.PromptLogprobs is not null)
                Assert.Equal(requests[i].PromptTokenIds[1..], outputs[0].PromptLogprobs!.Skip(1).Select(entry => entry!.TokenId));
        }

        var status = engine.GetStatus();
        Assert.Equal(layout.Contains("preemption", StringComparison.Ordinal), status.Preemptions > 0);
        await engine.DrainAsync(TestContext.Current.CancellationToken);
        status = engine.GetStatus();
        Assert.Equal((0, 0, 0), (status.Running, status.Waiting, status.UsedBlocks));
        Assert.Equal(engine.Info.NumGpuBlocks, status.FreeBlocks + status.CachedBlocks);
    }

    private static EngineRequest Mixed(int index)
    {
        // A third share a long prefix.
        int[] prompt = index % 3 == 0 ? [.. Prompt(64), index] : Prompt(10 + index * 5, seed: index);
        var request = Request($"{index}", prompt, maxTokens: 20 + index * 2, s => s with
        {
            Temperature = index % 4 == 1 ? 0.8 : 0,
            Seed = index,
            PromptLogprobs = index % 5 == 2 ? 1 : null,
            Logprobs = index % 2 == 0 ? 1 : null,
        });
        return request with { Priority = index % 3 };
    }

    private static async Task<int[]> AloneAsync(EngineRequest request)
    {
        await using var engine = await CreateAsync();
        return Tokens(await ReadAsync(engine.Submit(request)));
    }
}
