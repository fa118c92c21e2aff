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
[GenerateSerializer, Immutable]
public sealed record GridEventView(
    long Id,
    DateTimeOffset Time,
    string Type,
    string Reason,
    string Object,
    string Message,
    int Count,
    string Actor);
