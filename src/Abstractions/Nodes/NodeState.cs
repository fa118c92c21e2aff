namespace Grid.Abstractions.Nodes;

/// <summary>The states of a node's life.</summary>
[GenerateSerializer, Alias("grid.NodeState")]
public enum NodeState
{
    /// <summary>It was admitted and has not reported yet.</summary>
    Joining,

    /// <summary>It reports and serves.</summary>
    Ready,

    /// <summary>Its reports are late.</summary>
    NotReady,

    /// <summary>It is being drained.</summary>
    Draining,

    /// <summary>It has no shard and no stream, and is still a member.</summary>
    Drained,

    /// <summary>The cluster declared it dead.</summary>
    Dead,

    /// <summary>It left gracefully.</summary>
    Left,
}
