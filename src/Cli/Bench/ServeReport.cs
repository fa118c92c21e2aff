using System.Globalization;
using System.Text.Json.Nodes;

namespace Grid.Cli.Bench;

/// <summary>A serving benchmark's table and JSON, with vLLM's titles and keys.</summary>
/// <param name="statistics">The statistics of the run.</param>
/// <param name="metrics">The values of <c>--percentile-metrics</c>: ttft, tpot, itl, e2el.</param>
/// <param name="percentiles">The values of <c>--metric-percentiles</c>, from 0 to 100.</param>
internal sealed class ServeReport(ServeStatistics statistics, IReadOnlyList<string> metrics, IReadOnlyList<double> percentiles)
{
    private const int Width = 50;

    private IEnumerable<(string Key, string Label, string Title, Distribution Values)> Sections =>
        new[]
        {
            ("ttft", "TTFT", "Time to First Token", statistics.TimeToFirstToken),
            ("tpot", "TPOT", "Time per Output Token (excl. 1st token)", statistics.TimePerOutputToken),
            ("itl", "ITL", "Inter-token Latency", statistics.InterTokenLatency),
            ("e2el", "E2EL", "End-to-end Latency", statistics.EndToEndLatency),
        }.Where(section => metrics.Contains(section.Item1));

    public void Write(TextWriter output)
    {
        output.WriteLine(Centered(" Serving Benchmark Result ", '='));
        Row("Successful requests:", statistics.Completed);
        Row("Failed requests:", statistics.Failed);
        Row("Benchmark duration (s):", statistics.Duration);
        Row("Total input tokens:", statistics.TotalInputTokens);
        Row("Total generated tokens:", statistics.TotalOutputTokens);
        Row("Request throughput (req/s):", statistics.RequestThroughput);
        if (statistics.RequestGoodput is { } goodput) Row("Request goodput (req/s):", goodput);
        Row("Output token throughput (tok/s):", statistics.OutputThroughput);
        Row("Total Token throughput (tok/s):", statistics.TotalTokenThroughput);
        foreach (var (_, label, title, values) in Sections)
        {
            output.WriteLine(Centered(title, '-'));
            Row($"Mean {label} (ms):", values.Mean * 1000);
            Row($"Median {label} (ms):", values.Median * 1000);
            foreach (var percentile in percentiles) Row($"P{Name(percentile)} {label} (ms):", values.Percentile(percentile) * 1000);
        }

        output.WriteLine(new string('=', Width));

        void Row(string title, IFormattable value) =>
            output.WriteLine($"{title,-40} {value.ToString(value is double ? "0.00" : null, CultureInfo.InvariantCulture),-10}");
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["duration"] = statistics.Duration,
            ["completed"] = statistics.Completed,
            ["failed"] = statistics.Failed,
            ["total_input_tokens"] = statistics.TotalInputTokens,
            ["total_output_tokens"] = statistics.TotalOutputTokens,
            ["request_throughput"] = statistics.RequestThroughput,
            ["request_goodput"] = statistics.RequestGoodput,
            ["output_throughput"] = statistics.OutputThroughput,
            ["total_token_throughput"] = statistics.TotalTokenThroughput,
        };
        foreach (var (key, _, _, values) in Sections)
        {
            json[$"mean_{key}_ms"] = values.Mean * 1000;
            json[$"median_{key}_ms"] = values.Median * 1000;
            json[$"std_{key}_ms"] = values.StandardDeviation * 1000;
            foreach (var percentile in percentiles) json[$"p{Name(percentile)}_{key}_ms"] = values.Percentile(percentile) * 1000;
        }

        return json;
    }

    private static string Name(double percentile) => percentile.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Centered(string text, char filler)
    {
        var left = (Width - text.Length) / 2;
        return new string(filler, left) + text + new string(filler, Width - text.Length - left);
    }
}
