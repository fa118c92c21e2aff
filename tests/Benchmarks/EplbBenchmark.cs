using System.Diagnostics;
using System.Globalization;
using Grid.Engine.Configuration;
using Grid.Engine.Experts;
using Grid.Engine.Kernels.Cpu;
using Grid.Engine.Parallelism.Experts;
using Grid.Primitives.Options;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace Grid.Benchmarks;

/// <summary>
/// A router that sends one expert 60% of the rows: how evenly two expert shards are used and how many rows they serve, where experts stay
/// and where they have moved. Both are loaded at once and take turns, so that the machine is the same for both. Random weights.
/// </summary>
internal static class EplbBenchmark
{
    private const int Experts = 8, Shards = 2, Ranks = 4, Rounds = 3;
    private const double HotShare = 0.6;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private static readonly ModelConfig Config = SmolLM2Shape.Config with
    {
        Architecture = "Qwen3MoeForCausalLM",
        ModelType = "qwen3_moe",
        NumHiddenLayers = 1,
        NumExperts = Experts,
        NumExpertsPerToken = 1,
        MoeIntermediateSize = 1536,
        DType = "float32",
    };

    public static async Task<int> RunAsync()
    {
        var options = new EngineOptions
        {
            Model = "skewed", LoadFormat = LoadFormat.Dummy, Seed = 1, CpuThreads = 1,
            DType = ModelDType.Float32, EnableExpertParallel = true, ExpertParallelSize = Shards
        };
        using var still = LocalExpertGroup.Start(Config, null, options, NullLogger.Instance)!;
        using var moved = LocalExpertGroup.Start(Config, null,
            options with { EnableEplb = true, Eplb = new EplbOptions { NumRedundantExperts = 2 } }, NullLogger.Instance)!;
        Console.WriteLine(
            $"{Experts} experts on {Shards} shards, {HotShare:P0} of the rows to one of them, {Ranks} ranks, best of {Rounds} windows of "
            + $"{Window.TotalSeconds:F0} s, {Environment.ProcessorCount} cores");
        Measure(moved, 64); // What it learns the load from.
        await moved.Rebalancer!.MoveAsync();

        // With few rows a call, reading an expert's weights costs more than its rows, and a copy reads them twice; with many, rows are the
        // cost.
        Console.WriteLine("rows a call                balance (mean/max)    rows/s");
        foreach (var rows in new[] { 64, 512 }) Compare(still, moved, rows);
        return 0;
    }

    private static void Compare(LocalExpertGroup still, LocalExpertGroup moved, int rows)
    {
        var (without, with) = ((Balance: 0.0, RowsASecond: 0.0), (Balance: 0.0, RowsASecond: 0.0));
        for (var round = 0; round < Rounds; round++)
        {
            without = Better(without, Measure(still, rows));
            with = Better(with, Measure(moved, rows));
        }

        Print($"{rows,-11} without EPLB", without);
        Print($"{rows,-11} with EPLB", with);
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
            $"with over without at {rows} rows: balance {with.Balance / without.Balance:F2}x, throughput "
                + $"{with.RowsASecond / without.RowsASecond:F2}x"));
    }

    private static (double Balance, double RowsASecond) Measure(LocalExpertGroup group, int size)
    {
        ExpertClient[] ranks = [.. Enumerable.Range(1, Ranks).Select(group.Connect)];
        var start = Stopwatch.GetTimestamp();
        Thread[] threads = [.. ranks.Select((rank, seed) => new Thread(() => Ask(rank, seed, size, start)))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        double[] rows = [.. Enumerable.Range(0, Shards).Select(shard => (double)ranks.Sum(rank => rank.Usage.RowsOf(shard)))];
        return (rows.Average() / rows.Max(), rows.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static void Ask(ExpertClient rank, int seed, int size, long start)
    {
        using var mode = inference_mode();
        var (random, kernels) = (new Random(seed), new CpuKernels());
        var (layer, routing, logits) = (rank.OfLayer(0, kernels), new ExpertRouting(Experts, 1, renormalise: true),
            new float[size * Experts]);
        using var x = rand(size, Config.HiddenSize);
        while (Stopwatch.GetElapsedTime(start) < Window)
        {
            Array.Clear(logits);
            for (var row = 0; row < size; row++)
                logits[row * Experts + (random.NextDouble() < HotShare ? 0 : random.Next(1, Experts))] = 10;
            routing.Assign(logits);
            using var sum = zeros(size, Config.HiddenSize);
            layer.AddTo(sum, x, routing);
        }
    }

    private static (double Balance, double RowsASecond) Better((double Balance, double RowsASecond) one,
        (double Balance, double RowsASecond) other) => one.RowsASecond > other.RowsASecond ? one : other;

    private static void Print(string name, (double Balance, double RowsASecond) result) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-26} {result.Balance,18:F2} {result.RowsASecond,9:F0}"));
}
