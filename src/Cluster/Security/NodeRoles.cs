namespace Grid.Cluster.Security;

/// <summary>What a node's certificate allows it to be.</summary>
public static class NodeRoles
{
    /// <summary>Holds the authority and admits others.</summary>
    public const string Head = "head";

    /// <summary>Hosts grains and engines.</summary>
    public const string Silo = "silo";

    /// <summary>Answers clients.</summary>
    public const string Gateway = "gateway";

    /// <summary>Keeps the cluster's state.</summary>
    public const string Store = "store";

    /// <summary>What a joining node may ask for.</summary>
    internal static readonly string[] Joinable = [Silo, Gateway];
}
