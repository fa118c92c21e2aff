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

    /// <summary>The incarnation of the process, which is random by default.</summary>
    public string Incarnation { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>The threads of a rank whose model does not set them (<c>--cpu-threads</c>); null for all cores.</summary>
    public int? CpuThreads { get; init; }

    /// <summary>Links shards of ranks over several nodes; null if this node takes part in none.</summary>
    public DataPlaneServer? DataPlane { get; init; }

    /// <summary>How long an engine with work may complete no step before it counts as stuck; 30 s by default.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(30);
}
