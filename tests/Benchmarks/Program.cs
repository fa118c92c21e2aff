using Grid.Benchmarks;

return args switch
{
    [] => await EngineBenchmark.RunAsync([]),
    ["engine", .. var rest] => await EngineBenchmark.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run -c Release --project tests/Benchmarks -- [BENCHMARK]

        engine [--device cuda:N] [MODEL]...   prefill and decode at 1, 8 and 32 streams, beside the memory bandwidth;
                                              the shape of SmolLM2-135M with random weights, then each MODEL;
                                              without MODEL: SmolLM2 itself, where the shared models lie. The default.
        """);
    return 2;
}
