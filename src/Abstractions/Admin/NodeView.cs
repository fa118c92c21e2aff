using Grid.Abstractions.Nodes;

namespace Grid.Abstractions.Admin;

/// <summary>A node, as operators see it (docs/reference/interfaces.md section 5).</summary>
/// <param name="Name">The name of the node.</param>
/// <param name="State">The state of its life.</param>
/// <param name="Reason">The reason for the state, as one word for programs.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Cordoned">Whether new shards are forbidden on it.</param>
/// <param name="Roles">Its roles, of head, silo, gateway and store.</param>
/// <param name="Address">The address that other nodes dial.</param>
/// <param name="Pid">The id of its process.</param>
/// <param name="Version">The version of the program.</param>
/// <param name="Wire">The version of the wire contract.</param>
/// <param name="Labels">The labels of the node, which placement selects by.</param>
/// <param name="Devices">Its devices, sorted by id.</param>
/// <param name="Shards">Its shards, sorted by id.</param>
/// <param name="Streams">The number of streams in flight.</param>
/// <param name="Drain">Its drain; null if there is none.</param>
/// <param name="JoinedAt">When it joined, in UTC.</param>
/// <param name="LastSeenAt">When it last reported, in UTC.</param>
/// <param name="DataPlane">HOST:PORT that shards on other nodes dial; null if it has no data plane.</param>
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
