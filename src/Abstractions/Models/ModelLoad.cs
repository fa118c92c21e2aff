namespace Grid.Abstractions.Models;

/// <summary>Load of a model, summed over ranks and gateways.</summary>
/// <param name="Queued">Requests that wait at gateways.</param>
/// <param name="Running">Requests in running sets.</param>
/// <param name="Waiting">Requests in waiting queues.</param>
/// <param name="QueuedTokens">Tokens that wait.</param>
/// <param name="KVUsage">Mean share in use.</param>
/// <param name="TtftSeconds">Mean of the last period; 0: none.</param>
/// <param name="LastRequestAt">Null: none since the start.</param>
/// <param name="Complete">False where reports are missing: no scaling down on it.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ModelLoad"), Immutable]
public sealed record ModelLoad(
    [property: Id(0)] int Queued,
    [property: Id(1)] int Running,
    [property: Id(2)] int Waiting,
    [property: Id(3)] long QueuedTokens,
    [property: Id(4)] double KVUsage,
    [property: Id(5)] double TtftSeconds,
    [property: Id(6)] DateTimeOffset? LastRequestAt,
    [property: Id(7)] bool Complete);
