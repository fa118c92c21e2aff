namespace Grid.Cluster.Joining;

/// <summary>Who wants to join what.</summary>
/// <param name="DataFolder">The data folder of the node.</param>
/// <param name="Head">HOST:PORT of the head's join port (--join).</param>
/// <param name="Token">The line of --token, --token-file or GRID_TOKEN; null: none. Ignored where the data folder holds a valid
/// certificate.</param>
/// <param name="Name">The name of the node, as --name has it.</param>
/// <param name="Address">The address that other nodes dial, as --advertise-address has it.</param>
/// <param name="Roles">The roles that the node asks for: silo, gateway or both.</param>
public sealed record JoinOptions(string DataFolder, string Head, string? Token, string Name, string Address, string[] Roles)
{
    /// <summary>How long a head that does not answer is asked again: 30 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
