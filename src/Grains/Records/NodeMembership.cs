namespace Grid.Grains.Records;

/// <summary>What the cluster's membership says of a node's process.</summary>
internal enum NodeMembership
{
    /// <summary>Nothing yet.</summary>
    Unknown,

    /// <summary>It is a member.</summary>
    Alive,

    /// <summary>It was declared dead.</summary>
    Dead,

    /// <summary>It said that it goes, and went.</summary>
    Left,
}
