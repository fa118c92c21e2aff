namespace Grid.Abstractions.Admin;

/// <summary>An event.</summary>
/// <param name="Id">Rises.</param>
/// <param name="Time">UTC, of the last one counted.</param>
/// <param name="Type">Normal or Warning.</param>
/// <param name="Reason">NodeDead, ConfigInvalid, ...</param>
/// <param name="Object">node/b, model/guide, ...</param>
/// <param name="Message">A sentence.</param>
/// <param name="Count">Equal ones in a row.</param>
/// <param name="Actor">Who did it: grid, or the admin's name.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.GridEventView"), Immutable]
public sealed record GridEventView(
    [property: Id(0)] long Id,
    [property: Id(1)] DateTimeOffset Time,
    [property: Id(2)] string Type,
    [property: Id(3)] string Reason,
    [property: Id(4)] string Object,
    [property: Id(5)] string Message,
    [property: Id(6)] int Count,
    [property: Id(7)] string Actor);
