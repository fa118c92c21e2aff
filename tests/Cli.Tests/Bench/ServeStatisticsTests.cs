using Grid.Cli.Bench;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Tests.Bench;

public sealed class ServeStatisticsTests
{
    private static readonly RequestOutcome[] Outcomes =
    [
        new() { PromptTokens = 10, OutputTokens = 5, TimeToFirstToken = 0.1, Latency = 0.5, InterTokenLatencies = [0.1, 0.1, 0.1, 0.1] },
        new() { PromptTokens = 20, OutputTokens = 3, TimeToFirstToken = 0.3, Latency = 0.7, InterTokenLatencies = [0.2, 0.2] },
        new() { PromptTokens = 30, OutputTokens = 1, TimeToFirstToken = 0.2, Latency = 0.2 },
        new() { PromptTokens = 40, Error = "503" },
    ];

    [Fact]
    public void Of_Outcomes_FollowsTheDefinitions()
    {
        var statistics = ServeStatistics.Of(Outcomes, 2, ServiceLevel.Parse(["ttft:250", "tpot:150"]));

        Assert.Equal((3, 1), (statistics.Completed, statistics.Failed));
        Assert.Equal((60, 9), (statistics.TotalInputTokens, statistics.TotalOutputTokens));
        Assert.Equal(1.5, statistics.RequestThroughput);
        Assert.Equal(4.5, statistics.OutputThroughput);
        Assert.Equal(34.5, statistics.TotalTokenThroughput);
        Assert.Equal(0.2, statistics.TimeToFirstToken.Mean, 10);
        Assert.Equal(0.15, statistics.TimePerOutputToken.Mean, 10);
        Assert.Equal(0.8 / 6, statistics.InterTokenLatency.Mean, 10);
        Assert.Equal(1.0, statistics.RequestGoodput);
    }

    [Fact]
    public void Of_NoObjectives_HasNoGoodput() => Assert.Null(ServeStatistics.Of(Outcomes, 2, ServiceLevel.Parse([])).RequestGoodput);

    [Theory]
    [InlineData("ttft")]
    [InlineData("ttft:x")]
    [InlineData("speed:3")]
    public void ServiceLevel_OtherText_IsRefused(string word) => Assert.Throws<CommandException>(() => ServiceLevel.Parse([word]));

    [Fact]
    public void Write_Report_IsTheKnownTable()
    {
        using var output = new StringWriter();

        new ServeReport(ServeStatistics.Of(Outcomes, 2, ServiceLevel.Parse(["ttft:250"])), ["ttft", "tpot", "itl", "e2el"], [99]).Write(
            output);

        var lines = output.ToString().Split(Environment.NewLine);
        Assert.Equal("============ Serving Benchmark Result ============", lines[0]);
        Assert.Equal("Successful requests:                     3         ", lines[1]);
        Assert.Contains("Request goodput (req/s):                 1.00      ", lines);
        Assert.Contains("Total Token throughput (tok/s):          34.50     ", lines);
        Assert.Contains("---------------Time to First Token----------------", lines);
        Assert.Contains("-----Time per Output Token (excl. 1st token)------", lines);
        Assert.Contains("---------------Inter-token Latency----------------", lines);
        Assert.Contains("----------------End-to-end Latency----------------", lines);
        Assert.Contains("Mean TTFT (ms):                          200.00    ", lines);
        Assert.Contains("==================================================", lines);
    }

    [Fact]
    public void ToJson_Report_HasTheKnownKeys()
    {
        var json = new ServeReport(ServeStatistics.Of(Outcomes, 2, null), ["ttft", "tpot", "itl"], [50, 99.9]).ToJson();

        foreach (var key in new[] { "duration", "completed", "total_input_tokens", "total_output_tokens", "request_throughput",
            "output_throughput", "total_token_throughput", "mean_ttft_ms", "median_tpot_ms", "std_itl_ms", "p50_ttft_ms", "p99.9_itl_ms" })
            Assert.NotNull(json[key]);
        Assert.Null(json["mean_e2el_ms"]);
        Assert.Equal(200, (double)json["mean_ttft_ms"]!, 6);
    }
}
