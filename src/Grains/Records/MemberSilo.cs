namespace Grid.Grains.Records;

/// <summary>One row of the membership table.</summary>
/// <param name="Node">The name of the node that the silo is on.</param>
/// <param name="SiloAddress">The silo's address with its generation; a restarted silo has another.</param>
/// <param name="Alive">Whether it is joining, active or shutting down; otherwise it is dead.</param>
internal sealed record MemberSilo(string Node, string SiloAddress, bool Alive);
