namespace Grid.Cluster.Joining;

/// <summary>How members reach the store.</summary>
/// <param name="Kind">The kind of store, embedded or redis.</param>
/// <param name="Address">The address as HOST:PORT.</param>
/// <param name="Password">The password; null for none.</param>
/// <param name="Database">The number of the database.</param>
/// <param name="Tls">none, node (mutual, with the node's certificate) or server (of an outside Redis, by the system's trust).</param>
public sealed record StoreAccess(string Kind, string Address, string? Password, int Database, string Tls)
{
    /// <summary>Never the password.</summary>
    public override string ToString() => $"{Kind} at {Address}/{Database}, tls {Tls}";
}
