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
        var (replica, epoch, rank) = GrainKeys.ParseRank(this.GetPrimaryKeyString());
        return Task.FromResult(host.FindRank(replica, epoch, rank));
    }

    /// <inheritdoc/>
    public Task Drain(DateTimeOffset? handOverAt)
    {
        var (replica, epoch, rank) = GrainKeys.ParseRank(this.GetPrimaryKeyString());
        host.Drain(replica, epoch, rank, handOverAt);
        return Task.CompletedTask;
    }
}
