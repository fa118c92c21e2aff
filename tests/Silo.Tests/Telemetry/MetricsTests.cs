using System.Globalization;
using System.Text.RegularExpressions;
using Grid.Engine.Serving;
using Grid.Engine.Simulation;
using Grid.Primitives.Options;
using Grid.Silo.Ranks;

namespace Grid.Silo.Tests.Telemetry;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task Metrics_AfterRequests_CountThemUnderVllmsNames()
    {
        var name = $"metered \"{Guid.NewGuid():N}\"";
        await using var bed = await SiloTestBed.StartAsync(name: name);
        for (var i = 0; i < 3; i++) await bed.PostAsync("v1/completions", new { model = name, prompt = "Hello", max_tokens = 4 });
        await bed.WaitForAsync(status => status.Running == 0);

        var text = await bed.Http.GetStringAsync("metrics", TestContext.Current.CancellationToken);
        var samples = Read(text, name);
        Assert.Equal(12, samples["vllm:generation_tokens_total"]);
        Assert.Equal(15, samples["vllm:prompt_tokens_total"]);
        Assert.Equal(0, samples["vllm:num_requests_running"]);
        Assert.Equal(0, samples["vllm:num_requests_waiting"]);
        Assert.Equal(0, samples["vllm:kv_cache_usage_perc"]);
        Assert.Equal(3, samples["vllm:request_success_total,finished_reason=\"length\""]);
        Assert.Equal(3, samples["vllm:time_to_first_token_seconds_count"]);
        Assert.Equal(9, samples["vllm:inter_token_latency_seconds_count"]);
        Assert.Equal(3, samples["vllm:e2e_request_latency_seconds_bucket,le=\"+Inf\""]);
        Assert.Equal(3, samples["vllm:request_generation_tokens_bucket,le=\"5\""]);
        Assert.Equal(0, samples["vllm:request_generation_tokens_bucket,le=\"2\""]);
    }

    [Fact]
    public async Task Metrics_TwoReplicasOnOneNode_AreOneSeriesAndRanksAreTwo()
    {
        var name = $"twice {Guid.NewGuid():N}";
        await using var bed = await SiloTestBed.StartAsync(name: name);
        await using var replica = await ModelLoader.LoadAsync(new EngineOptions { Model = "sim" }, name, simulation: SimOptions.Instant,
            cancellationToken: TestContext.Current.CancellationToken);
        await using var rank = await ModelLoader.LoadAsync(new EngineOptions { Model = "sim" }, name, simulation: SimOptions.Instant,
            engine: 1, cancellationToken: TestContext.Current.CancellationToken);
        bed.Server.Ranks.Register(new RankIdentity(ReplicaId.Parse("other/r1"), 0, 1, ["other"]), replica);
        bed.Server.Ranks.Register(new RankIdentity(ReplicaId.Parse("third/r0"), 1, 1, ["third"]), rank);
        foreach (var (model, tokens) in new[] { (name, 2), ("other", 3),
            ("third", 4) }) await bed.PostAsync("v1/completions", new { model, prompt = "Hello", max_tokens = tokens });

        var text = await bed.Http.GetStringAsync("metrics", TestContext.Current.CancellationToken);
        var samples = Read(text, name);
        Assert.Equal(5, samples["vllm:generation_tokens_total"]);
        Assert.Equal(2, samples["vllm:time_to_first_token_seconds_count"]);
        Assert.Equal(4, Read(text, name, engine: 1)["vllm:generation_tokens_total"]);
    }

    /// <summary>Every line must be of the text format; keys are names with the labels beside model and engine.</summary>
    private static Dictionary<string, double> Read(string text, string model, int engine = 0)
    {
        var label = $"model_name=\"{model.Replace("\"", "\\\"")}\",engine=\"{engine}\"";
        var samples = new Dictionary<string, double>();
        var families = new HashSet<string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Head().Match(line) is { Success: true } head)
            {
                if (line[2] == 'T') Assert.True(families.Add(head.Groups["name"].Value), line);
                continue;
            }

            var sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            var labels = sample.Groups["labels"].Value;
            if (labels.StartsWith(label, StringComparison.Ordinal))
                samples.Add(sample.Groups["name"].Value + labels[label.Length..],
                    double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture));
        }

        return samples;
    }

    [GeneratedRegex("^# (HELP|TYPE) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) .+$")]
    private static partial Regex Head();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\{(?<labels>([a-z_]+="([^"\\\n]|\\.)*",?)+)\} (?<value>[-+0-9.eE]+)$""")]
    private static partial Regex Sample();
}
