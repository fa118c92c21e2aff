using Grid.Abstractions.Events;
using Grid.Abstractions.Replicas;
using Grid.Engine.Configuration;
using Grid.Grains.Records;
using Grid.Silo.DataPlane;
using Grid.Silo.Devices;
using Grid.Silo.Directives;

namespace Grid.Silo.Shards;

/// <summary>Carries out what directives ask for: loads, drains and unloads shards, and writes the outcomes into the table.</summary>
/// <param name="options">The options of the node.</param>
/// <param name="gate">The lock that guards the tables.</param>
/// <param name="table">The node's ledger of shards.</param>
/// <param name="ranks">The ranks of this node.</param>
/// <param name="experts">The expert shards of the node.</param>
/// <param name="loader">Loads the engines of ranks.</param>
/// <param name="makeRank">Makes a rank of a plan from its number.</param>
/// <param name="changed">Called after each change that a report shows.</param>
/// <param name="logger">The log of loads and their failures.</param>
internal sealed class DirectiveExecutor(
    ShardHostOptions options, Lock gate, ShardTable table, RankTable ranks, HostedExperts experts, RankLoader loader,
    Func<ReplicaPlan, Func<int, HostedRank>> makeRank, Action changed, ILogger logger) : IAsyncDisposable
{
    private readonly Dictionary<string, HostedShard> _shards = [];
    private readonly DeviceLedger _ledger = new(options.Facts.Devices);

    private static string Owner(ShardIntent intent) => $"{intent.Plan.Id}@{intent.Plan.Epoch}/{intent.Shard}";

    /// <summary>Begins the work that a directive asks for. The gate is held.</summary>
    public void Start(ShardIntent intent)
    {
        switch (intent.Kind)
        {
            case ShardIntentKind.Load:
                _ = LoadAsync(intent);
                break;
            case ShardIntentKind.Update:
                experts.Update(intent.Plan);
                break;
            case ShardIntentKind.Serve when intent.Shard.DrivenRank is not null:
                ranks.Find(intent)?.Serve();
                break;
            case ShardIntentKind.Drain when intent.Shard.DrivenRank is not null:
                ranks.Find(intent)?.Drain(intent.HandOverAt);
                break;
            case ShardIntentKind.Unload:
                _ = UnloadAsync(intent);
                break;
        }
    }

    private async Task LoadAsync(ShardIntent intent)
    {
        var (plan, shard) = (intent.Plan, intent.Shard);
        try
        {
            var place = plan.Shards.First(place => place.Shard == shard);
            ShardLayout.Check(plan, shard, options);
            if (shard.IsExpert)
            {
                _ledger.Reserve(Owner(intent), place.Device, place.ReservedBytes);
                await experts.LoadAsync(plan, place);
                lock (gate) table.SetLoaded(plan.Id, intent.Version, shard);
                changed();
                return;
            }

            var spread = ShardLayout.IsSpread(plan, shard) && !ShardLayout.IsSimulated(plan, place) ? AddShard(intent, place) : null;
            var rank = AddRank(intent);
            Reserve(intent, place, rank);
            if (shard.DrivenRank is null)
            {
                // A simulated rank computes on its driver's node alone.
                if (spread is not null || !IsSpreadFollower(intent)) await (spread?.Loaded ?? rank.Loaded);
            }
            else
            {
                logger.LoadingShard(plan.Id, shard, plan.Epoch, place.Device);
                await rank.LoadAsync(loader, progress => SetProgress(plan, progress));
            }

            SetLoaded(intent, rank);
        }
        catch (OperationCanceledException)
        {
            // It was unloaded meanwhile.
        }
        catch (Exception e)
        {
            logger.LoadFailed(e is ModelLoadException ? null : e, plan.Id, shard, plan.Epoch, e.Message);
            var reason = (e as ModelLoadException)?.Kind.ToString() ?? EventReasons.LoadFailed;
            lock (gate) table.SetFailed(plan.Id, intent.Version, shard, reason, e.Message);
        }

        changed();
    }

    private void Reserve(ShardIntent intent, ShardPlan place, HostedRank rank)
    {
        try
        {
            _ledger.Reserve(Owner(intent), place.Device, place.ReservedBytes);
        }
        catch (ModelLoadException e)
        {
            rank.Fail(e);
            throw;
        }
    }

    private HostedShard AddShard(ShardIntent intent, ShardPlan place)
    {
        var shard = new HostedShard(intent.Plan, place, options.DataPlane!, options.CpuThreads, logger);
        lock (gate) _shards.Add(Owner(intent), shard);
        _ = WatchAsync(intent, shard);
        return shard;
    }

    /// <summary>A shard that ends unasked has lost its driver: the whole rank is lost.</summary>
    private async Task WatchAsync(ShardIntent intent, HostedShard shard)
    {
        await shard.Ended;
        if (shard.Stopping) return;
        lock (gate) table.SetFailed(intent.Plan.Id, intent.Version, intent.Shard, EventReasons.DriverLost,
            $"The driver of {intent.Plan.Id} is gone.");
        changed();
    }

    private void SetLoaded(ShardIntent intent, HostedRank rank)
    {
        lock (gate)
        {
            table.SetLoaded(intent.Plan.Id, intent.Version, intent.Shard);
            if (intent.Shard.DrivenRank is null
                || table.StatusOf(intent.Plan.Id, intent.Version, intent.Shard) is not { State: ShardState.Draining }) return;
            rank.Drain(intent.HandOverAt);
        }
    }

    private async Task UnloadAsync(ShardIntent intent)
    {
        try
        {
            HostedRank? rank;
            lock (gate) rank = intent.Shard.DrivenRank is not null ? ranks.Find(intent) : null;
            if (rank is not null) await rank.UnloadAsync(intent.HandOverAt);
            HostedShard? shard;
            lock (gate) _shards.Remove(Owner(intent), out shard);
            if (shard is not null) await shard.DisposeAsync();
            if (intent.Shard.IsExpert)
                await experts.UnloadAsync(
                    new ShardAddress(options.Facts.DataPlane, intent.Plan.Id, intent.Plan.Epoch, intent.Shard, intent.Generation));
        }
        catch (Exception e)
        {
            logger.UnloadFailed(e, intent.Plan.Id, intent.Shard, intent.Plan.Epoch);
        }

        _ledger.Release(Owner(intent));
        var last = false;
        lock (gate)
        {
            if (intent.Shard.DrivenRank is not null || IsSpreadFollower(intent)) ranks.Remove(intent);
            foreach (var next in table.SetUnloaded(intent.Plan.Id, intent.Version, intent.Shard)) Start(next);
            last = !table.Statuses()
                .Any(status => status.Replica == intent.Plan.Id && status.Epoch == intent.Plan.Epoch && !status.Shard.IsExpert);
        }

        if (last) await experts.DisconnectAsync(intent.Plan.Id, intent.Plan.Epoch);
        changed();
    }

    private void SetProgress(ReplicaPlan plan, double progress)
    {
        lock (gate)
            foreach (var shard in plan.Shards)
                table.SetProgress(plan.Id, new ShardVersion(plan.Epoch, shard.Generation), shard.Shard, progress);
    }

    private HostedRank AddRank(ShardIntent intent)
    {
        lock (gate) return ranks.GetOrAdd(intent, makeRank(intent.Plan));
    }

    // Its rank's driver is elsewhere: nothing here serves.
    private bool IsSpreadFollower(ShardIntent intent) =>
        intent.Shard.Rank is { } rank
        && intent.Plan.Shards.First(place => place.Shard == ShardId.DriverOf(rank)).Incarnation != options.Incarnation;

    /// <summary>Unloads the shards of ranks that other nodes drive.</summary>
    public async ValueTask DisposeAsync()
    {
        HostedShard[] shards;
        lock (gate) shards = [.. _shards.Values];
        await Task.WhenAll(shards.Select(shard => shard.DisposeAsync().AsTask()));
    }
}
