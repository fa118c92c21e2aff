using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;

namespace Grid.Grains.Records;

/// <summary>What the grid knows of one node: its latest report, and what membership says of that process.</summary>
internal sealed class NodeRecord(string name)
{
    private readonly Dictionary<(ReplicaId Replica, long Epoch, ShardId Shard, int Generation), ShardStatus> _shards = [];

    /// <summary>The node.</summary>
    public string Name { get; } = name;

    /// <summary>The latest accepted report; null if there is none yet.</summary>
    public NodeReport? Report { get; private set; }

    /// <summary>When that report came.</summary>
    public DateTimeOffset LastSeen { get; private set; }

    /// <summary>The membership of the process that reported last.</summary>
    public NodeMembership Membership { get; set; }

    /// <summary>Its reports are late.</summary>
    public bool Late { get; set; }

    /// <summary>Why it takes no new shard, such as Cordoned, Leaving or NotReady; null if it does.</summary>
    public string? Closed { get; set; }

    /// <summary>The number of HTTP requests in flight on its ranks.</summary>
    public int Streams { get; private set; }

    /// <summary>Whether its process is alive and holds shards.</summary>
    public bool IsLive => Report is not null && Membership is NodeMembership.Alive or NodeMembership.Unknown;

    /// <summary>Accepts a report.</summary>
    public void Accept(NodeReport report, DateTimeOffset now)
    {
        if (Report?.SiloAddress != report.SiloAddress) Membership = NodeMembership.Unknown;
        Report = report;
        LastSeen = now;
        Late = false;
        _shards.Clear();
        foreach (var shard in report.Shards) _shards[(shard.Replica, shard.Epoch, shard.Shard, shard.Generation)] = shard;
        Streams = 0;
        foreach (var rank in report.Ranks) Streams += rank.Streams;
    }

    /// <summary>A copy of a shard in the latest report; null if it is not there.</summary>
    public ShardStatus? Shard(ReplicaId replica, long epoch, ShardId shard, int generation = 0) =>
        _shards.GetValueOrDefault((replica, epoch, shard, generation));

    /// <summary>A rank in the latest report; null if it is not there.</summary>
    public RankStatus? Rank(ReplicaId replica, long epoch, int rank)
    {
        foreach (var status in Report?.Ranks ?? [])
            if (status.Rank == rank && status.Epoch == epoch && status.Replica == replica) return status;
        return null;
    }

    /// <summary>What it found at a source; null if it has not inspected it yet.</summary>
    public ModelFiles? Files(string source)
    {
        foreach (var files in Report?.Files ?? [])
            if (files.Source == source) return files;
        return null;
    }
}
