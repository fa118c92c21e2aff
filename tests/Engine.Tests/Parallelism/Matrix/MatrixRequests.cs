using System.Text.Json;
using Grid.Engine.Requests;
using Grid.Engine.Tests.Models;

namespace Grid.Engine.Tests.Parallelism.Matrix;

/// <summary>
/// What every case asks, all at once: prompts of a reference with all their logits, outputs that end in three ways, and draws with a seed.
/// </summary>
internal static class MatrixRequests
{
    private const int GreedyTokens = 16, DrawnTokens = 12, Choices = 2;

    public static EngineRequest[][] Of(string folder, IReadOnlyList<int> eos)
    {
        var prompts = ReadPrompts(folder);
        var greedy = new SamplingParams { Temperature = 0, Seed = 0, MaxTokens = GreedyTokens };
        return
        [
            .. prompts.Select((item, i) => One($"greedy{i}", item.Prompt, greedy with { IgnoreEos = true, PromptLogprobs = 0 })),
            One("eos", prompts[1].Prompt, greedy with { MaxTokens = 2 * GreedyTokens }),
            One("stop", prompts[2].Prompt, greedy with { IgnoreEos = true, StopTokenIds = [prompts[2].Greedy[5]] }),
            .. prompts.Take(3)
            .Select((item, i) =>
            Drawn($"drawn{i}", item.Prompt,
                new() { Temperature = 0.8, Seed = 7 + i, N = Choices, MaxTokens = DrawnTokens, IgnoreEos = true })),
        ];

        EngineRequest[] One(string id, int[] prompt, SamplingParams sampling) =>
            [new() { Id = id, PromptTokenIds = prompt, Sampling = sampling, EosTokenIds = eos }];

        EngineRequest[] Drawn(string id, int[] prompt, SamplingParams sampling) =>
            [.. Enumerable.Range(0, Choices)
            .Select(choice =>
            new EngineRequest { Id = $"{id}/{choice}", PromptTokenIds = prompt, Sampling = sampling, Choice = choice, EosTokenIds = eos })];
    }

    private static (int[] Prompt, int[] Greedy)[] ReadPrompts(string folder)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "goldens.json")));
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? Goldens.ReadTokens(folder)
            : [.. document.RootElement.GetProperty("cases").EnumerateArray().Take(4)
            .Select(item => (Goldens.Ids(item, "ids"), Goldens.Ids(item, "greedy")))];
    }
}
