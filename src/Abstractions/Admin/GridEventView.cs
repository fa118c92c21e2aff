namespace Grid.Abstractions.Admin;

/// <summary>An event, as operators see it.</summary>
/// <param name="Id">A number that rises with each event.</param>
/// <param name="Time">When it last happened, in UTC.</param>
/// <param name="Type">Either Normal or Warning.</param>
/// <param name="Reason">The reason as one word, such as NodeDead or ConfigInvalid.</param>
/// <param name="Object">What the event is about, such as node/b or model/guide.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Count">How often it happened in a row.</param>
/// <param name="Actor">The name of the admin who caused it, or grid.</param>
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
