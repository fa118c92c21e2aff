using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>Moves experts by their load while they serve: copies are loaded first, then calls are led there, then old ones are dropped.</summary>
internal sealed class ExpertRebalancer(ExpertDirectory directory, ExpertLoad load, EplbOptions options, IReadOnlyList<int> layers, ILogger logger)
{
    private long _steps;
    private int _running;

    /// <summary>The latest move, done when nothing moves.</summary>
    public Task Latest { get; private set; } = Task.CompletedTask;

    /// <summary>Told of each step of rank 0. Loads of the last window before each look count.</summary>
    public void OnStep()
    {
        var step = ++_steps % options.StepInterval;
        if (step == Math.Max(0, options.StepInterval - options.WindowSize) && Volatile.Read(ref _running) == 0) load.Clear();
        if (step == 0 && Interlocked.CompareExchange(ref _running, 1, 0) == 0) Latest = Task.Run(MoveAsync);
    }

    /// <summary>Looks at the loads and moves what pays.</summary>
    public async Task MoveAsync()
    {
        try
        {
            foreach (var layer in layers) await MoveAsync(layer);
        }
        catch (Exception exception)
        {
            // The placement in force serves on.
            logger.LogWarning(exception, "Experts were not moved");
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    private async Task MoveAsync(int layer)
    {
        var rows = load.OfLayer(layer);
        var current = directory.Placement.Holders[layer];
        var wanted = ExpertBalancer.Balance(rows, directory.Count, options.NumRedundantExperts, current);
        var (before, after) = (ExpertBalancer.Balancedness(rows, directory.Count, current), ExpertBalancer.Balancedness(rows, directory.Count, wanted));
        if (after <= before) return;
        for (var expert = 0; expert < wanted.Length; expert++)
            foreach (var shard in wanted[expert].Except(current[expert]))
                await (directory.At(shard) ?? throw new InvalidOperationException($"ep{shard} is not there.")).LoadAsync(layer, expert);

        directory.Placement = directory.Placement.With(layer, wanted);
        // Calls that were sent under the old placement are in the queues before this.
        for (var expert = 0; expert < wanted.Length; expert++)
            foreach (var shard in current[expert].Except(wanted[expert])) directory.At(shard)?.Unload(layer, expert);
        logger.LogInformation("Experts of layer {Layer} moved: balancedness {Before:F2} -> {After:F2}", layer, before, after);
    }
}
