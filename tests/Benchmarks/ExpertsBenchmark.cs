using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Grid.Engine.Offline;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Primitives.Options;
using Grid.TestUtilities;
using Microsoft.Extensions.Logging;

namespace Grid.Benchmarks;

/// <summary>
/// models/guide-moe with its experts on the rank, on threads and in processes: tokens a second. Then an expert shard's process is killed
/// under streams: whether they end as before, and how long the step stalled.
/// </summary>
internal static class ExpertsBenchmark
{
    private const int Streams = 16, Tokens = 64, Rounds = 3;

    private static readonly EngineOptions Basis =
        new() { CpuThreads = 1, DType = ModelDType.Float32, NumGpuBlocksOverride = 256, EnablePrefixCaching = false };
    private static readonly SamplingParams Greedy = new() { Temperature = 0, MaxTokens = Tokens, IgnoreEos = true };

    public static int Run()
    {
        var pids = new ExpertPids();
        var apart = Basis with { EnableExpertParallel = true, ExpertParallelSize = 2 };
        using var stalls = new StallListener();
        using var whole = new LLM(Fixtures.Model("guide-moe"), Basis);
        using var threads = new LLM(Fixtures.Model("guide-moe"), apart);
        using var processes =
            new LLM(Fixtures.Model("guide-moe"), apart with { DistributedExecutorBackend = ExecutorBackend.Process }, logger: pids);
        Console.WriteLine(
            $"models/guide-moe, float32, {Streams} streams of {Tokens} tokens, 2 expert shards of one thread, best of {Rounds} rounds in "
            + $"turns, {Environment.ProcessorCount} cores");
        (string Name, LLM Model)[] ways = [("on the rank", whole), ("threads", threads), ("processes", processes)];
        var best = new double[ways.Length];
        for (var round = 0; round <= Rounds; round++)
            for (var way = 0; way < ways.Length; way++)
                if (Measure(ways[way].Model, out _) is var speed && round > 0) best[way] = Math.Max(best[way], speed);
        for (var way = 0; way < ways.Length; way++)
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{ways[way].Name,-12} {best[way],8:F0} tok/s {best[way] / best[0],6:F2}x"));

        Measure(whole, out var expected);
        var before = stalls.Read("grid:expert_stall_seconds");
        var killer = Task.Run(() => Kill(pids.Latest("ep1")));
        Measure(processes, out var actual);
        killer.Wait();
        var failed = expected.Zip(actual).Count(pair => pair.First != pair.Second);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"kill -9 of an expert shard under {Streams} streams: {failed} differ or failed, the step stalled "
            + $"{stalls.Read("grid:expert_stall_seconds") - before:F2} s"));
        return failed == 0 ? 0 : 1;
    }

    private static double Measure(LLM model, out string[] outputs)
    {
        var start = Stopwatch.GetTimestamp();
        outputs = [
            .. model.Generate(Enumerable.Range(1, Streams).Select(n => string.Concat(Enumerable.Repeat("grid serve ", n))), Greedy)
            .Select(output => string.Join(',', output.Outputs[0].TokenIds))];
        return Streams * Tokens / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    /// <summary>Sums a metric over all engines.</summary>
    private sealed class StallListener : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentDictionary<string, double> _sums = new();

        public StallListener()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == EngineInstruments.MeterName) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>(
                (instrument, value, _, _) => _sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
            _listener.Start();
        }

        public double Read(string name)
        {
            _sums.Clear();
            _listener.RecordObservableInstruments();
            return _sums.GetValueOrDefault(name);
        }

        public void Dispose() => _listener.Dispose();
    }

    /// <summary>Reads the processes of expert shards from the log.</summary>
    private sealed class ExpertPids : ILogger
    {
        private readonly ConcurrentDictionary<string, int> _pids = new();

        public int Latest(string name) => _pids[name];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (state is not IReadOnlyList<KeyValuePair<string, object?>> values) return;
            var named = values.ToDictionary(value => value.Key, value => value.Value);
            if (named.GetValueOrDefault("Expert") is string name && named.GetValueOrDefault("Pid") is int pid) _pids[name] = pid;
        }
    }
}
