namespace Grid.Abstractions.Nodes;

/// <summary>What a node reports of itself once, at its start.</summary>
/// <param name="Roles">Its roles, of head, silo, gateway and store.</param>
/// <param name="Address">The address that other nodes dial.</param>
/// <param name="Pid">The id of its process.</param>
/// <param name="Version">The version of the program.</param>
/// <param name="Wire">The version of the wire contract, MAJOR.MINOR.</param>
/// <param name="Labels">The labels given with --label K=V.</param>
/// <param name="Devices">The devices that it offers to placement.</param>
/// <param name="HttpUrl">Base URL of the silo's HTTP endpoint, as gateways dial it.</param>
/// <param name="DataPlane">HOST:PORT of the node's data plane; empty if it has none.</param>
/// <param name="JoinedAt">When the process started.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.NodeFacts"), Immutable]
public sealed record NodeFacts(
    [property: Id(0)] string[] Roles,
    [property: Id(1)] string Address,
    [property: Id(2)] int Pid,
    [property: Id(3)] string Version,
    [property: Id(4)] string Wire,
    [property: Id(5)] Dictionary<string, string> Labels,
    [property: Id(6)] DeviceFacts[] Devices,
    [property: Id(7)] string HttpUrl,
    [property: Id(8)] string DataPlane,
    [property: Id(9)] DateTimeOffset JoinedAt);
