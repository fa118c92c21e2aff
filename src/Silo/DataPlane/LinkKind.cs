namespace Grid.Silo.DataPlane;

/// <summary>What a link is for.</summary>
internal enum LinkKind : byte
{
    /// <summary>The rank's driver gives orders and steps.</summary>
    Control = 1,

    /// <summary>Another shard of the rank exchanges tensors.</summary>
    Peer = 2,

    /// <summary>The dialler is on the same host and asks for the way over the Unix socket.</summary>
    Local = 3,

    /// <summary>Measures the link.</summary>
    Probe = 4,
}
