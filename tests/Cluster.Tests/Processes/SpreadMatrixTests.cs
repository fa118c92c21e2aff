using System.Net.Http.Json;
using System.Text.Json;
using Grid.Engine.Offline;
using Grid.Engine.Requests;
using Grid.TestUtilities.Matrix;

namespace Grid.Cluster.Tests.Processes;

/// <summary>
/// Layouts over three silos, asked through the gateway: text, tokens, finish reason and usage of one device, as a whole and as a stream;
/// draws with a seed as the same shards give as threads. Two cases; GRID_MATRIX=full runs all.
/// </summary>
[Collection("processes")]
public sealed class SpreadMatrixTests(ThreeSilosBed bed) : IClassFixture<ThreeSilosBed>
{
    private static readonly string[] Layouts = ["TP2xPP2", "PP3", "DP2+EP2"];
    private static readonly (string, string)[] Few = [("llama-llama3rope", "TP2xPP2"), ("guide-moe", "PP3")];

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var family in MatrixQuestions.Families)
            foreach (var layout in Layouts)
                if (StatedRefusals.Find(family, layout) is null && (MatrixReport.IsFull || Few.Contains((family, layout))))
                    data.Add(family, layout);
        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public Task Complete_OverThreeSilos_GivesWhatOneDeviceGives(string family, string layoutName) =>
        MatrixReport.WriteAsync(family, layoutName, "silos", async () =>
        {
            var layout = Layout.Find(layoutName);
            await GridBed.RunAsync($"apply -f {bed.Grid.Write("grid.yaml", Config(family, layout))} --data-dir {bed.Grid.Folder("a")}");
            await GridBed.RunAsync($"wait --for=model={Name(family, layout)}:Ready --timeout 90s --data-dir {bed.Grid.Folder("a")}");
            var nodes = await NodesWithShardsAsync();
            Assert.InRange(nodes, 2, 3);

            var greedy = Expect(MatrixQuestions.Ask(family, MatrixQuestions.Options, null, MatrixQuestions.Greedy));
            var drawn = Expect(MatrixQuestions.Ask(family, layout.Apply(MatrixQuestions.Options), null, MatrixQuestions.Drawn));
            Assert.Equal(greedy, await CompleteAsync(family, layout, MatrixQuestions.Greedy));
            Assert.Equal(drawn, await CompleteAsync(family, layout, MatrixQuestions.Drawn));
            Assert.Equal(greedy, await StreamAsync(family, layout, MatrixQuestions.Greedy));
            return $"ok ({nodes} silos)";
        });

    // The cache is what makes a shard too large to stand beside another.
    private static string Config(string family, Layout layout) => $$"""
        apiVersion: grid/v1
        kind: Grid
        metadata: {name: matrix}
        models:
        - name: {{Name(family, layout)}}
          source: {{MatrixQuestions.FolderOf(family)}}
          replicas: 1
          minAvailable: 0
          parallelism: {tensor: {{layout.Tensor}}, pipeline: {{layout.Pipeline}}, data: {{layout.Data}},
                        expert: {{Math.Max(1, layout.Experts)}}}
          engine: {dtype: float32, cpuThreads: 1, maxModelLen: 192, kvCacheMemoryBytes: {{(layout.Tensor > 1 ? 90L : 102) << 20}}}
        """;

    private static string Name(string family, Layout layout) =>
        $"{family}-{layout.Name.Replace("+", "-", StringComparison.Ordinal)}".ToLowerInvariant();

    /// <summary>One line a choice, and the usage.</summary>
    private static List<string> Expect(IReadOnlyList<RequestOutput> outputs) =>
    [
        .. outputs.SelectMany(output => output.Outputs)
        .Select(choice => Line(choice.TokenIds, choice.Text, choice.FinishReason.ToString().ToLowerInvariant())),
        $"{outputs.Sum(output => output.PromptTokenIds.Count)}+"
        + $"{outputs.Sum(output => output.Outputs.Sum(choice => choice.TokenIds.Count))}",
    ];

    private async Task<List<string>> CompleteAsync(string family, Layout layout, SamplingParams sampling)
    {
        using var answer = await PostAsync(family, layout, sampling, isStream: false);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return [.. body.RootElement.GetProperty("choices").EnumerateArray().OrderBy(Index)
            .Select(choice => Line(Ids(choice), choice.GetProperty("text").GetString()!, choice.GetProperty("finish_reason").GetString())),
            Usage(body.RootElement)];
    }

    private async Task<List<string>> StreamAsync(string family, Layout layout, SamplingParams sampling)
    {
        using var answer = await PostAsync(family, layout, sampling, isStream: true);
        var choices = new SortedDictionary<int, (List<int> Ids, string Text, string? Reason)>();
        var usage = "";
        foreach (var line in (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n'))
        {
            if (!line.StartsWith("data: {", StringComparison.Ordinal)) continue;
            using var chunk = JsonDocument.Parse(line["data: ".Length..]);
            if (chunk.RootElement.TryGetProperty("usage", out var counts) && counts.ValueKind == JsonValueKind.Object)
                usage = Usage(chunk.RootElement);
            foreach (var choice in chunk.RootElement.GetProperty("choices").EnumerateArray())
            {
                var (ids, text, reason) = choices.GetValueOrDefault(Index(choice), ([], "", null));
                if (choice.TryGetProperty("token_ids", out var some) && some.ValueKind == JsonValueKind.Array) ids.AddRange(Ids(choice));
                choices[Index(choice)] = (ids, text + choice.GetProperty("text").GetString(),
                    choice.GetProperty("finish_reason").GetString() ?? reason);
            }
        }

        return [.. choices.Values.Select(choice => Line(choice.Ids, choice.Text, choice.Reason)), usage];
    }

    private async Task<HttpResponseMessage> PostAsync(string family, Layout layout, SamplingParams sampling, bool isStream)
    {
        var answer = await bed.Grid.Http.PostAsJsonAsync(
            new Uri(bed.Grid.Endpoint("a", "http") + "/v1/completions"),
            new
            {
                model = Name(family, layout),
                prompt = MatrixQuestions.Prompts,
                max_tokens = sampling.MaxTokens,
                temperature = sampling.Temperature,
                top_p = sampling.TopP,
                seed = sampling.Seed,
                n = sampling.N,
                ignore_eos = sampling.IgnoreEos,
                return_token_ids = true,
                stream = isStream,
                stream_options = isStream ? new { include_usage = true } : null,
            },
            TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return answer;
    }

    private static string Line(IEnumerable<int> ids, string text, string? reason) => $"{string.Join(',', ids)} {reason} {text}";

    private static int Index(JsonElement choice) => choice.GetProperty("index").GetInt32();

    private static int[] Ids(JsonElement choice) => [.. choice.GetProperty("token_ids").EnumerateArray().Select(id => id.GetInt32())];

    private static string Usage(JsonElement body) =>
        $"{body.GetProperty("usage").GetProperty("prompt_tokens")}+{body.GetProperty("usage").GetProperty("completion_tokens")}";

    private async Task<int> NodesWithShardsAsync() =>
        (await bed.Grid.AdminAsync("a", "/admin/v1/nodes")).GetProperty("items").EnumerateArray()
        .Count(node => node.GetProperty("shards").GetArrayLength() > 0);
}
