using System.Diagnostics;
using System.Globalization;
using Grid.Engine.Offline;
using Grid.Engine.Requests;
using Grid.Primitives.Options;
using Grid.TestUtilities;
using Microsoft.Extensions.Logging;

namespace Grid.Benchmarks;

/// <summary>
/// What a loaded replica that has nothing to do costs: processor time of all its processes over a window, as a share of one core.
/// </summary>
internal static class IdleBenchmark
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync()
    {
        Console.WriteLine(
            $"{"idle replica",-34} {"of a core",9}   over {Window.TotalSeconds:F0} s, less what this process uses without a model");
        var basis = await MeasureAsync([]);
        Print("no model", basis);
        var options = new EngineOptions { CpuThreads = 1, NumGpuBlocksOverride = 64 };
        var experts = options with { DataParallelSize = 2, EnableExpertParallel = true, ExpertParallelSize = 2 };
        var failed = false;
        foreach (var backend in new[] { ExecutorBackend.InProcess, ExecutorBackend.Process })
        {
            failed |= !await RunAsync("guide", "TP2", options with { TensorParallelSize = 2, DistributedExecutorBackend = backend }, basis);
            failed |= !await RunAsync("guide", "PP2", options with { PipelineParallelSize = 2, DistributedExecutorBackend = backend },
                basis);
            failed |= !await RunAsync("guide-moe", "DP2+EP2", experts with { DistributedExecutorBackend = backend }, basis);
        }

        return failed ? 1 : 0;
    }

    private static async Task<bool> RunAsync(string model, string layout, EngineOptions options, double basis)
    {
        var pids = new ShardPids();
        using var llm = new LLM(Fixtures.Model(model), options, logger: pids);
        // All threads have worked before they rest.
        llm.Generate(["What is a node?", "What is a replica?"], new SamplingParams { Temperature = 0, MaxTokens = 16, IgnoreEos = true });
        var share = await MeasureAsync(pids.Pids) - basis;
        Print($"{model} {layout} {options.DistributedExecutorBackend} ({pids.Pids.Count} processes)", share);
        return share < 0.01;
    }

    private static async Task<double> MeasureAsync(IReadOnlyList<int> pids)
    {
        // What the load and the last request left behind, such as collections and compilations, is over first.
        await Task.Delay(TimeSpan.FromSeconds(2));
        Process[] processes = [Process.GetCurrentProcess(), .. pids.Select(Process.GetProcessById)];
        var before = processes.Sum(process => process.TotalProcessorTime.TotalSeconds);
        var start = Stopwatch.GetTimestamp();
        await Task.Delay(Window);
        foreach (var process in processes) process.Refresh();
        var share =
            (processes.Sum(process => process.TotalProcessorTime.TotalSeconds) - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (var process in processes) process.Dispose();
        return share;
    }

    private static void Print(string what, double share) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-42} {share,9:P2}"));

    /// <summary>Reads the processes of shards from the log.</summary>
    private sealed class ShardPids : ILogger
    {
        public List<int> Pids { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
                foreach (var value in values)
                    if (value is { Key: "Pid", Value: int pid }) Pids.Add(pid);
        }
    }
}
