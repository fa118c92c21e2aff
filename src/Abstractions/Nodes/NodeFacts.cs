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
[GenerateSerializer, Immutable]
public sealed record NodeFacts(
    string[] Roles,
    string Address,
    int Pid,
    string Version,
    string Wire,
    Dictionary<string, string> Labels,
    DeviceFacts[] Devices,
    string HttpUrl,
    string DataPlane,
    DateTimeOffset JoinedAt);
