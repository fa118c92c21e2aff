namespace Grid.Grains.Records;

/// <summary>One row of the membership table.</summary>
/// <param name="Node">The silo's name.</param>
/// <param name="SiloAddress">With its generation: a restarted silo is another.</param>
/// <param name="Alive">Joining, active or shutting down; false: dead.</param>
internal sealed record MemberSilo(string Node, string SiloAddress, bool Alive);
