using Grid.Engine.Configuration;
using Grid.Engine.Offline;
using Grid.Engine.Requests;
using Grid.Primitives.Options;
using Grid.TestUtilities.Matrix;

namespace Grid.Cli.Tests.Processes;

/// <summary>
/// Layouts whose shards are processes, against one device: text, tokens, finish reason and usage. Logprobs have the bits of one device, or,
/// with tensor shards, of the same shards as threads. A few cases; GRID_MATRIX=full runs all.
/// </summary>
public sealed class ProcessMatrixTests
{
    private static readonly string[] Layouts = ["TP2xPP2", "PP3", "DP2+EP2"];
    private static readonly (string, string)[] Few = [("llama-llama3rope", "TP2xPP2"), ("gpt2", "PP3"), ("gpt2", "DP2+EP2"),
        ("qwen3-moe", "TP2xPP2"), ("guide-moe", "DP2+EP2")];

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var family in MatrixQuestions.Families)
            foreach (var layout in Layouts)
                if (MatrixReport.IsFull || Few.Contains((family, layout))) data.Add(family, layout);
        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Generate_OverProcesses_GivesWhatOneDeviceGives(string family, string layoutName)
    {
        var layout = Layout.Find(layoutName);
        await MatrixReport.WriteAsync(family, layoutName, "process", () => Task.FromResult(Run(family, layout)));
    }

    private static string Run(string family, Layout layout)
    {
        var options = layout.Apply(MatrixQuestions.Options) with { DistributedExecutorBackend = ExecutorBackend.Process };
        SamplingParams greedy = MatrixQuestions.Greedy with { Logprobs = 300 }, drawn = MatrixQuestions.Drawn with { Logprobs = 300 };
        if (StatedRefusals.Find(family, layout.Name) is { } stated)
        {
            var refusal = Assert.Throws<ModelLoadException>(() => MatrixQuestions.Ask(family, options, null, greedy));
            Assert.StartsWith(stated, refusal.Message, StringComparison.Ordinal);
            return $"refused ({stated})";
        }

        var pids = new PidLog();
        var actual = MatrixQuestions.Ask(family, options, pids, greedy, drawn);
        // A rank of one shard has no process of its own; its experts have.
        Assert.Equal(layout.Experts > 0 ? layout.Experts : layout.Tensor * layout.Pipeline, pids.Count);
        var same = MatrixQuestions.Ask(family,
            layout.IsBitEqual ? MatrixQuestions.Options : options with { DistributedExecutorBackend = ExecutorBackend.InProcess }, null,
            greedy, drawn);
        Assert.Equal(same.SelectMany(Describe), actual.SelectMany(Describe));
        Assert.Equal(same.SelectMany(Logprobs), actual.SelectMany(Logprobs));
        if (!layout.IsBitEqual)
        {
            var one = MatrixQuestions.Ask(family, MatrixQuestions.Options, null, greedy);
            Assert.Equal(one.SelectMany(Describe), actual.Take(one.Count).SelectMany(Describe));
        }

        return "ok";
    }

    private static IEnumerable<string> Describe(RequestOutput output) => output.Outputs.Select(choice =>
        $"{output.PromptTokenIds.Count}+{choice.TokenIds.Count} {string.Join(',', choice.TokenIds)} {choice.FinishReason} {choice.Text}");

    private static IEnumerable<string> Logprobs(RequestOutput output) =>
        output.Outputs.SelectMany(choice => choice.Logprobs!.Select(position =>
        string.Join(' ',
            position.OrderBy(item => item.Key).Select(item => $"{item.Key}:{BitConverter.SingleToInt32Bits(item.Value.Value):x8}"))));
}
