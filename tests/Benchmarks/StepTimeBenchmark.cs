using System.Diagnostics;
using System.Globalization;
using Grid.Engine.Collectives;
using Grid.Engine.Execution;
using Grid.Engine.Loading;
using Grid.Engine.Models.Files;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Primitives.Options;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Benchmarks;

/// <summary>
/// Where the time of a decode step (a token of every stream) goes, for two shards of one thread beside one of one thread and one of two:
/// arithmetic, copying, waiting by operation, and what a shard has no part in (the driver draws tokens, or another stage computes). Means
/// over shards; random weights.
/// </summary>
internal static class StepTimeBenchmark
{
    private const int PromptTokens = 8, OutputTokens = 33, Rounds = 5;

    private const string Config = """
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 768, "intermediate_size": 2048,
         "num_hidden_layers": 12,
         "num_attention_heads": 12, "num_key_value_heads": 4, "vocab_size": 8192, "max_position_embeddings": 1024, "rms_norm_eps": 1e-5,
         "rope_theta": 10000, "tie_word_embeddings": false, "torch_dtype": "float32", "bos_token_id": 0, "eos_token_id": 1}
        """;

    private sealed record Row(double TokensPerSecond, double Step, double Arithmetic, double Copying, double[] Waits);

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("grid-steps-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "config.json"), Config);
            var one = new EngineOptions
            {
                Model = folder.FullName, LoadFormat = LoadFormat.Dummy, Seed = 1, CpuThreads = 1,
                MaxModelLen = 256, NumGpuBlocksOverride = 256, EnablePrefixCaching = false
            };
            Console.WriteLine(
                $"12 layers of 768, float32, {OutputTokens} tokens a stream, best of {Rounds - 1}, {Environment.ProcessorCount} cores; "
                + "ms a token of all streams, mean over shards");
            Console.WriteLine(
                $"{"layout",-8} {"threads",7} {"backend",-9} {"streams",7} {"tok/s",7} {"of 1x1",6} {"ms",7} {"arithmetic",10} "
                + $"{"copying",8} {"all_reduce",10} {"receive",8} {"all_gather",10} {"expert_call",11} {"outside",8}");
            var basis = await MeasureAsync("TP1", one, []);
            await MeasureAsync("TP1", one with { CpuThreads = 2 }, basis);
            foreach (var backend in new[] { ExecutorBackend.InProcess, ExecutorBackend.Process })
            {
                await MeasureAsync("TP2", one with { TensorParallelSize = 2, DistributedExecutorBackend = backend }, basis);
                await MeasureAsync("PP2", one with { PipelineParallelSize = 2, DistributedExecutorBackend = backend }, basis);
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Dictionary<int, double>> MeasureAsync(string layout, EngineOptions options, Dictionary<int, double> basis)
    {
        var config = ModelConfigReader.Read(Path.Combine(options.Model, "config.json"));
        IRunnerTelemetry? shards = null;
        await using var engine = await LLMEngine.CreateAsync(
            () =>
            {
                var runner = ModelRunnerFactory.Create(config, null, options, null, NullLogger.Instance);
                shards = runner.Telemetry;
                return runner;
            }, options);
        var speeds = new Dictionary<int, double>();
        foreach (var streams in new[] { 1, 8 })
        {
            Row? best = null;
            for (var round = 0; round < Rounds; round++)
            {
                var row = await RunOnceAsync(engine, shards!, streams, round);
                if (round > 0 && (best is null || row.Step < best.Step)) best = row;
            }

            speeds[streams] = best!.TokensPerSecond;
            Print(layout, options, streams, best, basis.TryGetValue(streams, out var of) ? best.TokensPerSecond / of : 1);
        }

        return speeds;
    }

    private static async Task<Row> RunOnceAsync(LLMEngine engine, IRunnerTelemetry shards, int streams, int round)
    {
        var random = new Random(round);
        var requests = Enumerable.Range(0, streams).Select(stream => new EngineRequest
        {
            Id = $"{streams}-{round}-{stream}",
            PromptTokenIds = [.. Enumerable.Range(0, PromptTokens).Select(_ => random.Next(engine.Info.VocabSize))],
            Sampling = new SamplingParams { Temperature = 0, Seed = 0, IgnoreEos = true, MaxTokens = OutputTokens },
        });
        var (busy, copies, waits) = (shards.BusyTicks, Copies(shards), Waits(shards));
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(engine.Submit([.. requests]).Select(async reader =>
        {
            await foreach (var _ in reader.ReadAllAsync())
            {
            }
        }));
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        // A token of every stream: stages compute it in as many pieces as there are stages.
        var each = 1000.0 / Stopwatch.Frequency / OutputTokens / shards.ShardTimes.Count;
        var copying = (Copies(shards) - copies) * each;
        double[] waited = [.. Waits(shards).Zip(waits, (after, before) => (after - before) * each)];
        return new(streams * OutputTokens / elapsed * 1000, elapsed / OutputTokens,
            (shards.BusyTicks - busy) * each - copying - waited.Sum(), copying, waited);
    }

    private static long Copies(IRunnerTelemetry shards) => shards.ShardTimes.Sum(shard => shard.Times.CopyTicks);

    private static long[] Waits(IRunnerTelemetry shards) =>
        [.. Enum.GetValues<CollectiveOperation>().Select(operation => shards.ShardTimes.Sum(shard => shard.Times.WaitTicks(operation)))];

    private static void Print(string layout, EngineOptions options, int streams, Row row, double of)
    {
        var shards = options.TensorParallelSize * options.PipelineParallelSize;
        var outside = row.Step - row.Arithmetic - row.Copying - row.Waits.Sum();
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
            $"{layout,-8} {$"{shards}x{options.CpuThreads}",7} {(shards == 1 ? "-" : options.DistributedExecutorBackend),-9} "
                + $"{streams,7} {row.TokensPerSecond,7:F0} {of,6:F2} {row.Step,7:F3} {row.Arithmetic,10:F3} {row.Copying,8:F3} "
                + $"{Wait(CollectiveOperation.AllReduce),10:F3} {Wait(CollectiveOperation.Receive),8:F3} "
                + $"{Wait(CollectiveOperation.AllGather),10:F3} {Wait(CollectiveOperation.ExpertCall),11:F3} {outside,8:F3}"));

        double Wait(CollectiveOperation operation) => row.Waits[(int)operation];
    }
}
