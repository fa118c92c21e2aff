using System.CommandLine;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Bench;

/// <summary><c>grid bench</c>: vLLM's three benchmarks.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var verb = new Verb("bench", "Benchmark a server or an engine, with vLLM's flags, tables and JSON keys")
        {
            Examples =
            [
                ("grid bench serve --num-prompts 100 --request-rate 10", "measure the latency of a running server"),
                ("grid bench throughput --model guide --num-prompts 100", "measure the throughput of an engine in this process"),
                ("grid bench latency --model guide --batch-size 8", "measure the latency of one batch"),
            ],
        };
        verb.Add(ServeBenchCommand.Create());
        verb.Add(ThroughputBenchCommand.Create());
        verb.Add(LatencyBenchCommand.Create());
        return verb;
    }
}
