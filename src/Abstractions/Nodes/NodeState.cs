namespace Grid.Abstractions.Nodes;

/// <summary>Life of a node.</summary>
[GenerateSerializer, Alias("grid.NodeState")]
public enum NodeState
{
    /// <summary>Admitted, not reported yet.</summary>
    Joining,

    /// <summary>Reports and serves.</summary>
    Ready,

    /// <summary>Its reports are late.</summary>
    NotReady,

    /// <summary>A drain runs.</summary>
    Draining,

    /// <summary>No shard and no stream; still a member.</summary>
    Drained,

    /// <summary>The cluster declared it dead.</summary>
    Dead,

    /// <summary>It went in order.</summary>
    Left,
}
