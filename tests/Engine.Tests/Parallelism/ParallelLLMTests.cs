using Grid.Engine.Offline;
using Grid.Engine.Requests;
using Grid.Primitives.Options;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Parallelism;

/// <summary>The whole engine over shards: batches, chunks, preemption and seeds give what one device gives.</summary>
[Collection(nameof(OneThreadAShard))]
public sealed class ParallelLLMTests
{
    private static readonly string[] Prompts =
        [.. Enumerable.Range(1, 7).Select(n => string.Join(' ', Enumerable.Repeat("San Francisco is a city.", n)))];

    [Theory]
    [InlineData("llama-llama3rope", 2, 1, 1)]
    [InlineData("llama-llama3rope", 2, 2, 1)]
    [InlineData("gpt2", 1, 3, 1)]
    [InlineData("qwen3-moe", 1, 2, 2)]
    [InlineData("opt", 2, 1, 2)]
    public void Generate_OverShards_GivesWhatOneDeviceGives(string model, int tensor, int pipeline, int data)
    {
        SamplingParams[] sampling =
        [
            new() { Temperature = 0, MaxTokens = 24, IgnoreEos = true },
            new() { Temperature = 0.8, TopP = 0.9, Seed = 7, N = 2, MaxTokens = 12, IgnoreEos = true },
        ];
        // Few blocks and small chunks: requests are cut up and preempted while steps are in flight.
        var options = new EngineOptions
        {
            DType = ModelDType.Float32, CpuThreads = 1, NumGpuBlocksOverride = 32, MaxModelLen = 256,
            MaxNumBatchedTokens = 48
        };
        var expected = Run(model, options, sampling);
        var actual =
            Run(model, options with { TensorParallelSize = tensor, PipelineParallelSize = pipeline, DataParallelSize = data }, sampling);
        Assert.Equal(expected, actual);
    }

    private static List<string> Run(string model, EngineOptions options, SamplingParams[] sampling)
    {
        using var llm = new LLM(Fixtures.Own("hf/" + model), options);
        return [.. sampling.SelectMany(parameters => llm.Generate(Prompts, parameters)).SelectMany(Describe)];
    }

    private static IEnumerable<string> Describe(RequestOutput output) => output.Outputs.Select(completion =>
        $"{output.PromptTokenIds.Count} {string.Join(',', completion.TokenIds)} {completion.FinishReason} {completion.Text}");
}
