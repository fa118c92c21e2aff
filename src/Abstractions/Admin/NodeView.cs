using Grid.Abstractions.Nodes;

namespace Grid.Abstractions.Admin;

/// <summary>An item of NodeList (docs/reference/interfaces.md section 5).</summary>
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
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.NodeView"), Immutable]
public sealed record NodeView(
    [property: Id(0)] string Name,
    [property: Id(1)] NodeState State,
    [property: Id(2)] string? Reason,
    [property: Id(3)] string? Message,
    [property: Id(4)] bool Cordoned,
    [property: Id(5)] string[] Roles,
    [property: Id(6)] string Address,
    [property: Id(7)] int Pid,
    [property: Id(8)] string Version,
    [property: Id(9)] string Wire,
    [property: Id(10)] Dictionary<string, string> Labels,
    [property: Id(11)] DeviceView[] Devices,
    [property: Id(12)] ShardView[] Shards,
    [property: Id(13)] int Streams,
    [property: Id(14)] DrainView? Drain,
    [property: Id(15)] DateTimeOffset JoinedAt,
    [property: Id(16)] DateTimeOffset LastSeenAt,
    [property: Id(17)] string? DataPlane = null);
