using Grid.Abstractions.Nodes;
using Grid.Silo.DataPlane;

namespace Grid.Silo.Shards;

/// <summary>What a node's ShardHost needs to know.</summary>
public sealed record ShardHostOptions
{
    /// <summary>The node's name, which is its silo's name too.</summary>
    public required string Node { get; init; }

    /// <summary>What the node says of itself; its devices bound what is placed here.</summary>
    public required NodeFacts Facts { get; init; }

    /// <summary>New at each start of the process; default: random.</summary>
    public string Incarnation { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>Threads of a rank, where its model says nothing (<c>--cpu-threads</c>); null: all cores.</summary>
    public int? CpuThreads { get; init; }

    /// <summary>Links shards of ranks over several nodes; null: this node takes part in none.</summary>
    public DataPlaneServer? DataPlane { get; init; }

    /// <summary>An engine that has work and makes no step for so long is stuck. Default: 30 s.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(30);
}
