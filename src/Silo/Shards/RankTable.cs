using Grid.Grains.Store;
using Grid.Silo.Directives;

namespace Grid.Silo.Shards;

/// <summary>
/// The ranks of this node, each placing of its own: one that is placed again under its epoch may load while its predecessor goes.
/// </summary>
internal sealed class RankTable
{
    private readonly Dictionary<(string Replica, long Epoch, int Rank, int Generation), HostedRank> _ranks = [];

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<HostedRank> All => _ranks.Values;

    /// <summary>The rank of a shard; null where it is not here, or the shard belongs to none.</summary>
    public HostedRank? Find(ShardIntent intent) => ShardNames.IsExpert(intent.Shard) ? null : _ranks.GetValueOrDefault(KeyOf(intent));

    /// <summary>The youngest placing of a rank.</summary>
    public HostedRank? Find(string replica, long epoch, int rank)
    {
        HostedRank? found = null;
        foreach (var (key, hosted) in _ranks)
            if (key.Replica == replica && key.Epoch == epoch && key.Rank == rank && (found is null || hosted.Version > found.Version))
                found = hosted;
        return found;
    }

    /// <summary>The rank of a shard, which the first shard that comes makes.</summary>
    public HostedRank GetOrAdd(ShardIntent intent, Func<int, HostedRank> make)
    {
        var key = KeyOf(intent);
        if (!_ranks.TryGetValue(key, out var rank)) _ranks.Add(key, rank = make(key.Rank));
        return rank;
    }

    /// <summary>Forgets the rank of a shard.</summary>
    public void Remove(ShardIntent intent) => _ranks.Remove(KeyOf(intent));

    // The shards of a rank are placed together.
    private static (string Replica, long Epoch, int Rank, int Generation) KeyOf(ShardIntent intent) =>
        (intent.Plan.Id, intent.Plan.Epoch, ShardNames.RankOf(intent.Shard) ?? -1, intent.Generation);
}
