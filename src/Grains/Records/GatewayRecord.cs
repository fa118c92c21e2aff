using Grid.Abstractions.Routing;

namespace Grid.Grains.Records;

/// <summary>The latest report of a gateway.</summary>
/// <param name="LastSeen">When the report came.</param>
internal sealed record GatewayRecord(GatewayReport Report, DateTimeOffset LastSeen);
