using Grid.Abstractions.Routing;

namespace Grid.Grains.Records;

/// <summary>The latest report of a gateway.</summary>
/// <param name="Report">What it said.</param>
/// <param name="LastSeen">When it came.</param>
internal sealed record GatewayRecord(GatewayReport Report, DateTimeOffset LastSeen);
