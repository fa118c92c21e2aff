using Grid.Benchmarks;

return args switch
{
    [] => await EngineBenchmark.RunAsync([]),
    ["engine", .. var rest] => await EngineBenchmark.RunAsync(rest),
    ["gateway", .. var rest] => await GatewayBenchmark.RunAsync(rest),
    ["routing", .. var rest] => await RoutingBenchmark.RunAsync(rest),
    ["steps"] => await StepTimeBenchmark.RunAsync(),
    ["experts"] => ExpertsBenchmark.Run(),
    ["eplb"] => await EplbBenchmark.RunAsync(),
    ["idle"] => await IdleBenchmark.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run -c Release --project tests/Benchmarks -- [BENCHMARK]

        engine [--device cuda:N] [MODEL]...   prefill and decode at 1, 8 and 32 streams, beside the memory bandwidth;
                                              the shape of SmolLM2-135M with random weights, then each MODEL;
                                              without MODEL: SmolLM2 itself, where the shared models lie. The default.
        gateway [SECONDS]                     latency and processor time that a gateway adds at 100 and 500 requests a second.
        routing [REQUESTS]                    two replicas and 150 prefixes: prefix-aware beside round-robin, two gateways beside one.
        steps                                 a decode step over two shards, in one process and over processes:
                                              arithmetic, copying, waiting by operation.
        experts                               experts on the rank, on threads and in processes: throughput;
                                              the stall when one of these processes is killed under streams.
        eplb                                  a router that sends one expert 60% of the rows: balance and throughput with and without EPLB.
        idle                                  processor time of loaded replicas of several shards that have nothing to do.
        """);
    return 2;
}
