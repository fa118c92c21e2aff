using Grid.Abstractions.Nodes;

namespace Grid.Abstractions.Admin;

/// <summary>An item of NodeList (interfaces.md section 5).</summary>
/// <param name="Name">The node.</param>
/// <param name="State">Its life.</param>
/// <param name="Reason">A word.</param>
/// <param name="Message">A sentence.</param>
/// <param name="Cordoned">No new shard.</param>
/// <param name="Roles">head, silo, gateway, store.</param>
/// <param name="Address">What others dial.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Version">Of the program.</param>
/// <param name="Wire">Contract.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Devices">By id.</param>
/// <param name="Shards">By id.</param>
/// <param name="Streams">In flight.</param>
/// <param name="Drain">Null: none.</param>
/// <param name="JoinedAt">UTC.</param>
/// <param name="LastSeenAt">UTC.</param>
/// <param name="DataPlane">HOST:PORT that shards on other nodes dial; null: it has none.</param>
[GenerateSerializer, Immutable]
public sealed record NodeView(
    string Name,
    NodeState State,
    string? Reason,
    string? Message,
    bool Cordoned,
    string[] Roles,
    string Address,
    int Pid,
    string Version,
    string Wire,
    Dictionary<string, string> Labels,
    DeviceView[] Devices,
    ShardView[] Shards,
    int Streams,
    DrainView? Drain,
    DateTimeOffset JoinedAt,
    DateTimeOffset LastSeenAt,
    string? DataPlane = null);
