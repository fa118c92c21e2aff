namespace Grid.Cluster.Joining;

/// <summary>Who wants to join what.</summary>
/// <param name="DataFolder">The node's own.</param>
/// <param name="Head">HOST:PORT of the head's join port (--join).</param>
/// <param name="Token">The line of --token, --token-file or GRID_TOKEN; null: none. Ignored where the data folder holds a valid
/// certificate.</param>
/// <param name="Name">--name.</param>
/// <param name="Address">--advertise-address.</param>
/// <param name="Roles">silo, gateway.</param>
public sealed record JoinOptions(string DataFolder, string Head, string? Token, string Name, string Address, string[] Roles)
{
    /// <summary>How long a head that does not answer is asked again: 30 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
