namespace Grid.Grains.Records;

/// <summary>What the cluster's membership says of a node's process.</summary>
internal enum NodeMembership
{
    /// <summary>Nothing is known yet.</summary>
    Unknown,

    /// <summary>It is a member.</summary>
    Alive,

    /// <summary>It was declared dead.</summary>
    Dead,

    /// <summary>It announced that it leaves, and left.</summary>
    Left,
}
