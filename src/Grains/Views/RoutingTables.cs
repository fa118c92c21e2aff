using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;
using Grid.Abstractions.Routing;
using Grid.Grains.Placement;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Views;

/// <summary>Builds what gateways route by.</summary>
internal static class RoutingTables
{
    private static readonly TimeSpan DefaultActivation = TimeSpan.FromMinutes(2);

    /// <summary>A table of all models that are desired or still have a rank.</summary>
    public static RoutingTable Of(GridStore store, long version) => new(
        store.Incarnation, version, store.Config?.Config.Gateway ?? new GatewaySpec(),
        [.. store.Models.Values.Where(m => m.Spec is not null || store.PlansOf(m.Name).Any()).Select(m => Route(store, m))], store.Now);

    private static ModelRoute Route(GridStore store, ModelRecord model)
    {
        var ranks = new List<RankRoute>();
        foreach (var (_, record) in store.PlansOf(model.Name))
            if (!record.Abandoned) AddRanks(store, record, ranks);
        ranks.Sort((a, b) => string.CompareOrdinal(a.Id.ToString(), b.Id.ToString()));
        var spec = model.Spec ?? store.PlansOf(model.Name).First().Value.Plan.Spec;
        var longest = ranks.Count > 0 ? ranks.Min(r => r.MaxModelLen) : ModelSize.LongestOf(spec, model.Files);
        return new ModelRoute(
            model.Name, spec.Aliases ?? [], spec.Source, model.Created.ToUnixTimeSeconds(), longest,
            spec.Autoscale is not null && model.Desired == 0, spec.Autoscale?.ActivationTimeout ?? DefaultActivation, [.. ranks]);
    }

    private static void AddRanks(GridStore store, PlanRecord record, List<RankRoute> ranks)
    {
        var progress = store.Progress[record.Plan.Epoch];
        var ready = progress.State == ReplicaState.Ready;
        foreach (var shard in record.Plan.Shards)
        {
            if (shard.Shard.DrivenRank is not { } number || !store.Nodes.TryGetValue(shard.Node, out var node)) continue;
            if (Reports.Rank(store, record.Plan, shard, number) is not { State: ShardState.Ready or ShardState.Draining } rank) continue;
            // Ranks come and go while the replica serves: one that comes has joined when all of its shards were ready.
            var serves = ready && node.IsLive && !record.Plan.IsLeaving(shard.Shard)
                && (shard.Generation == 0 || progress.Joined.Contains(number));
            ranks.Add(new RankRoute(
                rank.Id, rank.Epoch, node.Name, node.Report!.Facts.HttpUrl,
                serves && record.Target == ReplicaTarget.Serve && rank is { State: ShardState.Ready, Stuck: false },
                rank.Numerics, record.Plan.Revision, rank.Running, rank.Waiting, rank.QueuedTokens, rank.KVUsage, rank.KVTokens,
                    Math.Max(1, rank.MaxNumSeqs - rank.Reserved), rank.MaxModelLen));
        }
    }
}
