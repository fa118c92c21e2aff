using Grid.Engine.Offline;
using Grid.Engine.Requests;
using Grid.Primitives.Options;
using Microsoft.Extensions.Logging;

namespace Grid.TestUtilities.Matrix;

/// <summary>What the cases over processes and over silos ask: prompts at once, greedy and drawn with a seed.</summary>
public static class MatrixQuestions
{
    /// <summary>The families of these cases.</summary>
    public static IReadOnlyList<string> Families { get; } = ["llama-llama3rope", "gpt2", "qwen3-moe", "guide-moe"];

    /// <summary>Asked at once.</summary>
    public static IReadOnlyList<string> Prompts { get; } = ["one", "one two three", string.Concat(Enumerable.Repeat("one two ", 20))];

    /// <summary>Without a draw.</summary>
    public static SamplingParams Greedy { get; } = new() { Temperature = 0, MaxTokens = 12, IgnoreEos = true };

    /// <summary>Two choices with a seed.</summary>
    public static SamplingParams Drawn { get; } =
        new() { Temperature = 0.8, TopP = 0.95, Seed = 11, N = 2, MaxTokens = 12, IgnoreEos = true };

    /// <summary>Float32, one thread a shard.</summary>
    public static EngineOptions Options { get; } =
        new() { DType = ModelDType.Float32, CpuThreads = 1, NumGpuBlocksOverride = 64, MaxModelLen = 192, MaxLogprobs = 300 };

    /// <summary>Where a family's model is.</summary>
    public static string FolderOf(string family) => family == "guide-moe" ? Fixtures.Model(family) : Fixtures.Own("hf/" + family);

    /// <summary>What a model answers in this process.</summary>
    public static IReadOnlyList<RequestOutput> Ask(string family, EngineOptions options, ILogger? logger,
        params IEnumerable<SamplingParams> sampling)
    {
        using var llm = new LLM(FolderOf(family), options, logger: logger);
        return [.. sampling.SelectMany(parameters => llm.Generate(Prompts, parameters))];
    }
}
