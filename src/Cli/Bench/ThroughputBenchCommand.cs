using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Grid.Abstractions;
using Grid.Cli.Bench.Datasets;
using Grid.Cli.CommandLine;
using Grid.Cli.Loading;
using Grid.Cli.Options;

namespace Grid.Cli.Bench;

/// <summary><c>grid bench throughput</c>: tokens a second of an engine that has all prompts at once.</summary>
internal static class ThroughputBenchCommand
{
    public static Command Create()
    {
        var engineFlags = new EngineFlags();
        var dataset = new DatasetFlags();
        var model = ModelFlag();
        var outputJson = Flags.Text("--output-json", "FILE", "Write the result as JSON");
        var verb = new Verb("throughput", "Measure offline throughput in this process, in requests and tokens per second")
        {
            Examples =
            [
                ("grid bench throughput --model guide --num-prompts 100 --random-input-len 128 --random-output-len 64",
                    "the embedded guide"),
                ("grid bench throughput --model ORG/NAME --dataset-name sharegpt --dataset-path FILE", "replay recorded conversations"),
            ],
        };
        verb.Add(model);
        verb.Add(outputJson);
        verb.Add(dataset.Options);
        verb.Add(engineFlags.Options);
        verb.SetAction(async result =>
        {
            using var interruption = new Interruption();
            var options = engineFlags.Read(result, EmbeddedModel.Resolve(result.GetValue(model)));
            await using var engine =
                await OfflineEngine.LoadAsync(options, dataset.NumPrompts(result), 1, result.InvocationConfiguration.Error);
            var random = new Random((int)(options.Seed ?? 0));
            var prompts = await dataset.DrawAsync(result, text => Task.FromResult(engine.Tokenize(text)), textOnly: false, random);
            OfflineChecks.Fit(prompts, engine.MaxModelLen);
            var (seconds, promptTokens, outputTokens) = await engine.RunAsync(prompts, interruption.Token);
            var total = promptTokens + outputTokens;
            var output = result.InvocationConfiguration.Output;
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture,
                $"Throughput: {prompts.Count / seconds:0.00} requests/s, {total / seconds:0.00} total tokens/s, "
                    + $"{outputTokens / seconds:0.00} output tokens/s"));
            output.WriteLine($"Total num prompt tokens:  {promptTokens}");
            output.WriteLine($"Total num output tokens:  {outputTokens}");
            if (result.GetValue(outputJson) is { } file)
                File.WriteAllText(file, new JsonObject
                {
                    ["elapsed_time"] = seconds,
                    ["num_requests"] = prompts.Count,
                    ["total_num_tokens"] = total,
                    ["requests_per_second"] = prompts.Count / seconds,
                    ["tokens_per_second"] = total / seconds,
                }.ToJsonString());
            return ExitCodes.Done;
        });
        return verb;
    }

    /// <summary>The flag of vLLM's benchmarks for what to load.</summary>
    internal static Option<string?> ModelFlag() =>
        Flags.Text("--model", "MODEL", "Folder, GGUF file, ORG/NAME or sim [default: the embedded guide]");
}
