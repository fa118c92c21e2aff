using Grid.Primitives.Ids;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>
/// Moves experts by their load while they serve. Shards count the rows that all ranks send them; the driver of rank 0 collects the counts
/// and decides. A move has three phases, each done by all shards before the next begins: copies are loaded; shards announce the new
/// placement to their clients; experts that it does not assign are dropped. A call to a dropped expert fails after its rank has heard of
/// the new placement, and is sent again.
/// </summary>
internal sealed class ExpertRebalancer(ExpertDirectory directory, EplbOptions options, ILogger logger)
{
    private long[] _before = [];
    private long _steps;
    private int _running;

    /// <summary>The latest move; completed while nothing moves.</summary>
    public Task Latest { get; private set; } = Task.CompletedTask;

    /// <summary>Called for each step of rank 0. Every interval of steps, the load of the window before it decides.</summary>
    public void OnStep()
    {
        var step = ++_steps % options.StepInterval;
        if (step == 0) Begin(MoveAsync);
        else if (step == options.StepInterval - options.WindowSize) Begin(MarkAsync);
    }

    /// <summary>Reads the loads, and moves experts in every layer where that improves the balance.</summary>
    public async Task MoveAsync()
    {
        var total = await CountAsync();
        var rows = _before.Length == total.Length
            ? Array.ConvertAll([.. total.Zip(_before)], pair => Math.Max(0, pair.First - pair.Second))
            : total;
        _before = total;
        var layers = directory.Placement.Holders.Length;
        try
        {
            for (var layer = 0; layer < layers; layer++)
            {
                var experts = rows.Length / layers;
                if (directory.Placement.Holders[layer].Length > 0) await MoveAsync(layer, rows.AsMemory(layer * experts, experts));
            }
        }
        finally
        {
            // A move that failed may have left copies that no placement names.
            await Task.WhenAll(Living().Select(shard => shard.TrimAsync()));
        }
    }

    private async Task MarkAsync() => _before = await CountAsync();

    private void Begin(Func<Task> action)
    {
        if (Interlocked.CompareExchange(ref _running, 1, 0) == 0) Latest = Task.Run(() => RunAsync(action));
    }

    private async Task RunAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception exception)
        {
            // The placement in force stays in use.
            logger.ExpertsNotMoved(exception);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    private async Task MoveAsync(int layer, ReadOnlyMemory<long> rows)
    {
        var current = directory.Placement.Holders[layer];
        var wanted = ExpertBalancer.Balance(rows.Span, directory.Count, options.NumRedundantExperts, current);
        var before = ExpertBalancer.Balancedness(rows.Span, directory.Count, current);
        var after = ExpertBalancer.Balancedness(rows.Span, directory.Count, wanted);
        if (after <= before) return;
        var next = directory.Placement.With(layer, wanted);
        await Task.WhenAll(All().Select(shard => shard.PrepareAsync(next)));
        directory.Adopt(next);
        await Task.WhenAll(All().Select(shard => shard.PlaceAsync(next)));
        await Task.WhenAll(All().Select(shard => shard.TrimAsync()));
        logger.ExpertsMoved(layer, before, after);
    }

    private async Task<long[]> CountAsync()
    {
        var loads = await Task.WhenAll(Living().Select(shard => shard.GetLoadAsync()));
        return loads.Length == 0 ? [] : [.. Enumerable.Range(0, loads[0].Length).Select(i => loads.Sum(load => load[i]))];
    }

    private IEnumerable<IExpertShard> Living() => Enumerable.Range(0, directory.Count).Select(directory.At).OfType<IExpertShard>();

    private IExpertShard[] All() => [.. Enumerable.Range(0, directory.Count).Select(shard => directory.At(shard)
        ?? throw new InvalidOperationException($"{ExpertShardId.NameOf(shard)} is unreachable."))];
}
