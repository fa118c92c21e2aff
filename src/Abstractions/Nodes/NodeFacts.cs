namespace Grid.Abstractions.Nodes;

/// <summary>What a node says of itself once, at its start.</summary>
/// <param name="Roles">head, silo, gateway, store.</param>
/// <param name="Address">What others dial.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Version">Of the program.</param>
/// <param name="Wire">Contract MAJOR.MINOR.</param>
/// <param name="Labels">--label K=V.</param>
/// <param name="Devices">What it offers.</param>
/// <param name="HttpUrl">Base URL of the silo's HTTP endpoint, as gateways dial it.</param>
/// <param name="DataPlane">HOST:PORT of the data plane, or empty.</param>
/// <param name="JoinedAt">Start of the process.</param>
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
