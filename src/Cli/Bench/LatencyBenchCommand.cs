using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Grid.Abstractions;
using Grid.Cli.Bench.Datasets;
using Grid.Cli.CommandLine;
using Grid.Cli.Loading;
using Grid.Cli.Options;

namespace Grid.Cli.Bench;

/// <summary><c>grid bench latency</c>: how long one batch takes.</summary>
internal static class LatencyBenchCommand
{
    private static readonly double[] Percentiles = [10, 25, 50, 75, 90, 99];

    public static Command Create()
    {
        var engineFlags = new EngineFlags();
        var model = ThroughputBenchCommand.ModelFlag();
        var inputLength = Flags.Integer("--input-len", 32, 1, 1 << 24, "Number of prompt tokens");
        var outputLength = Flags.Integer("--output-len", 128, 1, 1 << 24, "Number of output tokens");
        var batchSize = Flags.Integer("--batch-size", 8, 1, 65536, "Number of prompts per batch");
        var warmups = Flags.Integer("--num-iters-warmup", 10, 0, int.MaxValue, "Number of warm-up batches");
        var iterations = Flags.Integer("--num-iters", 30, 1, int.MaxValue, "Number of measured batches");
        var outputJson = Flags.Text("--output-json", "FILE", "Write the result as JSON");
        var verb = new Verb("latency", "Measure the latency of one batch of random prompts in this process")
        {
            Examples = [
                ("grid bench latency --model guide --batch-size 1 --input-len 64 --output-len 32 --num-iters 5",
                    "measure one prompt at a time")],
        };
        verb.Add([model, inputLength, outputLength, batchSize, warmups, iterations, outputJson]);
        verb.Add(engineFlags.Options);
        verb.SetAction(async result =>
        {
            using var interruption = new Interruption();
            var options = engineFlags.Read(result, EmbeddedModel.Resolve(result.GetValue(model)));
            await using var engine =
                await OfflineEngine.LoadAsync(options, result.GetValue(batchSize), 1, result.InvocationConfiguration.Error);
            var random = new Random((int)(options.Seed ?? 0));
            var dataset = new RandomDataset { InputLength = result.GetValue(inputLength), OutputLength = result.GetValue(outputLength) };
            var ids = engine.Tokenize(RandomDataset.Words).Distinct().ToArray();
            var latencies = new List<double>();
            for (var i = -result.GetValue(warmups); i < result.GetValue(iterations); i++)
            {
                var prompts = dataset.DrawIds(ids, result.GetValue(batchSize), random);
                OfflineChecks.Fit(prompts, engine.MaxModelLen);
                var (seconds, _, _) = await engine.RunAsync(prompts, interruption.Token);
                if (i >= 0) latencies.Add(seconds);
            }

            Report(result.InvocationConfiguration.Output, latencies, result.GetValue(outputJson));
            return ExitCodes.Done;
        });
        return verb;
    }

    private static void Report(TextWriter output, List<double> latencies, string? file)
    {
        var values = new Distribution(latencies);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Avg latency: {values.Mean} seconds"));
        foreach (var percent in Percentiles)
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{percent}% percentile latency: {values.Percentile(percent)} seconds"));
        if (file is null) return;
        File.WriteAllText(file, new JsonObject
        {
            ["avg_latency"] = values.Mean,
            ["latencies"] = new JsonArray([.. latencies.Select(latency => JsonValue.Create(latency))]),
            ["percentiles"] = new JsonObject(Percentiles.Select(percent =>
                KeyValuePair.Create(percent.ToString(CultureInfo.InvariantCulture),
                (JsonNode?)JsonValue.Create(values.Percentile(percent))))),
        }.ToJsonString());
    }
}
