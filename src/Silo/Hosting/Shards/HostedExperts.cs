using Grid.Abstractions.Replicas;
using Grid.Engine.Loading;

namespace Grid.Silo.Hosting.Shards;

/// <summary>The expert shards that this node holds, a set for each replica and epoch, shared by the replica's ranks.</summary>
internal sealed class HostedExperts(ShardHostOptions options, ILogger logger) : IAsyncDisposable
{
    private readonly Dictionary<(string Replica, long Epoch), Task<ExpertShards>> _sets = [];
    private readonly Lock _gate = new();

    /// <summary>Loads a replica's experts, or waits for them where somebody was first.</summary>
    /// <exception cref="Engine.ModelLoadException">They cannot be loaded here.</exception>
    public Task<ExpertShards> LoadAsync(ReplicaPlan plan)
    {
        lock (_gate)
        {
            if (_sets.TryGetValue((plan.Id, plan.Epoch), out var known)) return known;
            var place = plan.Shards.First(shard => ShardName.RankOf(shard.Shard) is null);
            var engine = RankLoader.WithLayout(EngineOptionsReader.Read(plan.Spec, place.Device, options.CpuThreads), plan);
            return _sets[(plan.Id, plan.Epoch)] = Task.Run(() => ExpertShards.Load(engine, logger));
        }
    }

    /// <summary>Lets go of a replica's experts; no rank of it is loaded any more.</summary>
    public async Task UnloadAsync(ReplicaPlan plan)
    {
        Task<ExpertShards>? set;
        lock (_gate) _sets.Remove((plan.Id, plan.Epoch), out set);
        await DisposeAsync(set);
    }

    public async ValueTask DisposeAsync()
    {
        Task<ExpertShards>[] sets;
        lock (_gate)
        {
            sets = [.. _sets.Values];
            _sets.Clear();
        }

        foreach (var set in sets) await DisposeAsync(set);
    }

    private static async Task DisposeAsync(Task<ExpertShards>? set)
    {
        if (set is null) return;
        // One that failed to load holds nothing.
        await set.ContinueWith(static _ => { }, TaskScheduler.Default);
        if (set.IsCompletedSuccessfully) (await set).Dispose();
    }
}
