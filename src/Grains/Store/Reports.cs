using Grid.Abstractions.Models;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;

namespace Grid.Grains.Store;

/// <summary>What the latest reports of nodes and gateways say.</summary>
internal static class Reports
{
    /// <summary>Load over all ranks and gateways.</summary>
    public static ModelLoad Load(GridStore store, ModelRecord model)
    {
        int running = 0, waiting = 0, ranks = 0, timed = 0;
        long tokens = 0;
        double cache = 0, ttft = 0;
        var complete = true;
        foreach (var (epoch, record) in store.PlansOf(model.Name))
        {
            if (record.Abandoned || record.Target == ReplicaTarget.Stop) continue;
            foreach (var rank in Ranks(store, record))
            {
                if (rank is null)
                {
                    complete &= store.Progress[epoch].State != ReplicaState.Ready;
                    continue;
                }

                running += rank.Running;
                waiting += rank.Waiting;
                tokens += rank.QueuedTokens;
                cache += rank.KVUsage;
                ranks++;
                if (rank.TtftSeconds <= 0) continue;
                ttft += rank.TtftSeconds;
                timed++;
            }

            complete &= record.Plan.Shards.All(s => store.Nodes.TryGetValue(s.Node, out var node) && !node.Late);
        }

        complete &= store.Gateways.Values.All(g => store.Now - g.LastSeen <= GridTimes.ReportTimeout);
        return new ModelLoad(Queued(store, model), running, waiting, tokens, ranks == 0 ? 0 : cache / ranks, timed == 0 ? 0 : ttft / timed,
            model.LastRequestAt, complete);
    }

    /// <summary>Requests that wait at gateways under any of the model's names.</summary>
    public static int Queued(GridStore store, ModelRecord model)
    {
        var sum = 0;
        foreach (var gateway in store.Gateways.Values)
        {
            sum += gateway.Report.Queued.GetValueOrDefault(model.Name);
            foreach (var alias in model.Spec?.Aliases ?? [])
                if (alias != model.Name) sum += gateway.Report.Queued.GetValueOrDefault(alias);
        }

        return sum;
    }

    /// <summary>
    /// Whether it has requests now, or a request got a first token since the last report: short requests come and go between two.
    /// </summary>
    public static bool HasRequests(GridStore store, ModelRecord model) => Queued(store, model) > 0 ||
        store.PlansOf(model.Name)
            .Any(pair =>
            Ranks(store, pair.Value).Any(rank => rank is { } r && (r.Streams > 0 || r.Running > 0 || r.Waiting > 0 || r.TtftSeconds > 0)));

    /// <summary>The report of a shard by the process that it was placed on; null if there is none.</summary>
    public static ShardStatus? Shard(GridStore store, ReplicaPlan plan, ShardPlan place) =>
        store.Nodes.TryGetValue(place.Node, out var node) && node.Report?.Incarnation == place.Incarnation
            ? node.Shard(plan.Id, plan.Epoch, place.Shard, place.Generation)
            : null;

    /// <summary>Reports of a replica's ranks; null where there is none.</summary>
    public static IEnumerable<RankStatus?> Ranks(GridStore store, PlanRecord record)
    {
        foreach (var shard in record.Plan.Shards)
            if (shard.Shard.DrivenRank is { } rank) yield return Rank(store, record.Plan, shard, rank);
    }

    /// <summary>The report of a rank at its present place; null if there is none.</summary>
    public static RankStatus? Rank(GridStore store, ReplicaPlan plan, int rank) =>
        plan.Shards.FirstOrDefault(place => place.Shard.DrivenRank == rank) is { } driver ? Rank(store, plan, driver, rank) : null;

    /// <summary>The report of a rank by the place of its driver; null if there is none.</summary>
    public static RankStatus? Rank(GridStore store, ReplicaPlan plan, ShardPlan driver, int rank) =>
        store.Nodes.TryGetValue(driver.Node, out var node)
        && (driver.Generation == 0 || node.Shard(plan.Id, plan.Epoch, driver.Shard, driver.Generation) is { State: not ShardState.Loading })
            ? node.Rank(plan.Id, plan.Epoch, rank)
            : null;

    /// <summary>Requests in flight on a replica.</summary>
    public static int Streams(GridStore store, PlanRecord record) => Ranks(store, record).Sum(rank => rank?.Streams ?? 0);

    /// <summary>Serves and waits for no expert, as far as is known, and no node of it is late.</summary>
    public static bool IsAvailable(GridStore store, PlanRecord record) =>
        record is { Abandoned: false, Target: ReplicaTarget.Serve }
        && store.Progress[record.Plan.Epoch] is { State: ReplicaState.Ready, Stalled: false } &&
        record.Plan.Shards.All(s => store.Nodes.TryGetValue(s.Node, out var node) && node.IsLive && !node.Late);

    /// <summary>Further requests that a replica could run now.</summary>
    public static int Room(GridStore store, PlanRecord record) => Ranks(store, record)
        .Sum(rank =>
        rank is { State: ShardState.Ready, Stuck: false } && rank.Rank < record.Plan.Layout.Data
            ? Math.Max(0, rank.MaxNumSeqs - rank.Running - rank.Waiting)
            : 0);

    /// <summary>
    /// Further requests that could run now beside the ranks that leave a replica: on those that stay, and on other replicas.
    /// </summary>
    public static int RoomBeside(GridStore store, PlanRecord record) =>
        store.PlansOf(record.Plan.Model).Where(pair => pair.Key == record.Plan.Epoch || IsAvailable(store, pair.Value))
        .Sum(pair => Room(store, pair.Value));
}
