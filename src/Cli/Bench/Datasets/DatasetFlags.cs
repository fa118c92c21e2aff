using System.CommandLine;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Bench.Datasets;

/// <summary>vLLM's flags for what a benchmark asks.</summary>
internal sealed class DatasetFlags
{
    private readonly Option<string> _name =
        Flags.Choice("--dataset-name", "random", ["random", "sharegpt", "custom"], "Dataset of the prompts");
    private readonly Option<string?> _path = Flags.Text("--dataset-path", "FILE", "Path of the sharegpt or custom dataset");
    private readonly Option<int> _numPrompts = Flags.Integer("--num-prompts", 1000, 1, int.MaxValue, "Number of requests");
    private readonly Option<int> _inputLength =
        Flags.Integer("--random-input-len", 1024, 1, 1 << 24, "Mean number of prompt tokens (random dataset)");
    private readonly Option<int> _outputLength =
        Flags.Integer("--random-output-len", 128, 1, 1 << 24, "Mean number of output tokens (random dataset)");
    private readonly Option<int> _prefixLength =
        Flags.Integer("--random-prefix-len", 0, 0, 1 << 24, "Number of tokens in the prefix shared by all prompts (random dataset)");
    private readonly Option<double> _rangeRatio =
        Flags.Number("--random-range-ratio", 0, 0, 0.999, "Relative range of input and output lengths (random dataset)");
    private readonly Option<int?> _shareGptOutputLength = Flags.OptionalInteger("--sharegpt-output-len", 1, 1 << 24,
        "Number of output tokens (sharegpt dataset) [default: the length of the recorded answer]");
    private readonly Option<int> _customOutputLength =
        Flags.Integer("--custom-output-len", 256, 1, 1 << 24, "Number of output tokens (custom dataset)");

    public IEnumerable<Option> Options =>
        [_name, _path, _numPrompts, _inputLength, _outputLength, _prefixLength, _rangeRatio, _shareGptOutputLength, _customOutputLength];

    public int NumPrompts(ParseResult result) => result.GetValue(_numPrompts);

    /// <summary>Draws the prompts that the flags describe.</summary>
    /// <param name="result">A line without parse errors.</param>
    /// <param name="tokenize">Turns text into ids.</param>
    /// <param name="textOnly">Whether prompts must be text.</param>
    /// <param name="random">The source of randomness, seeded by the caller.</param>
    public async Task<IReadOnlyList<BenchPrompt>> DrawAsync(ParseResult result, Func<string, Task<IReadOnlyList<int>>> tokenize,
        bool textOnly, Random random)
    {
        var count = NumPrompts(result);
        switch (result.GetRequiredValue(_name))
        {
            case "custom":
                return FileDataset.ReadCustom(PathOf(result), count, result.GetValue(_customOutputLength));
            case "sharegpt":
                return await FileDataset.ReadShareGptAsync(PathOf(result), count, result.GetValue(_shareGptOutputLength),
                    async text => (await tokenize(text)).Count, random);
            default:
                var dataset = new RandomDataset
                {
                    InputLength = result.GetValue(_inputLength),
                    OutputLength = result.GetValue(_outputLength),
                    PrefixLength = result.GetValue(_prefixLength),
                    RangeRatio = result.GetValue(_rangeRatio),
                };
                return textOnly
                    ? dataset.DrawText(count, random)
                    : dataset.DrawIds([.. (await tokenize(RandomDataset.Words)).Distinct()], count, random);
        }
    }

    private string PathOf(ParseResult result) =>
        result.GetValue(_path) ?? throw new CommandException($"--dataset-name {result.GetValue(_name)} needs --dataset-path.");
}
