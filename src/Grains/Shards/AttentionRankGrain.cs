using Grid.Abstractions.Grains;
using Grid.Abstractions.Replicas;
using Grid.Grains.Placement;

namespace Grid.Grains.Shards;

/// <inheritdoc cref="IAttentionRankGrain"/>
[NodePlacement]
internal sealed class AttentionRankGrain(IShardHost host) : Grain, IAttentionRankGrain
{
    /// <inheritdoc/>
    public Task<RankStatus?> GetStatus()
    {
        var (rank, epoch) = GrainKeys.ParseRank(this.GetPrimaryKeyString());
        return Task.FromResult(host.FindRank(rank.Replica, epoch, rank.Number));
    }

    /// <inheritdoc/>
    public Task Drain(DateTimeOffset? handOverAt)
    {
        var (rank, epoch) = GrainKeys.ParseRank(this.GetPrimaryKeyString());
        host.Drain(rank.Replica, epoch, rank.Number, handOverAt);
        return Task.CompletedTask;
    }
}
