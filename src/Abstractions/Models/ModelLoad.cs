namespace Grid.Abstractions.Models;

/// <summary>Load of a model, summed over ranks and gateways.</summary>
/// <param name="Queued">The number of requests that wait at gateways.</param>
/// <param name="Running">The number of requests in running sets.</param>
/// <param name="Waiting">The number of requests in waiting queues.</param>
/// <param name="QueuedTokens">The number of waiting tokens.</param>
/// <param name="KVUsage">The mean share of the KV caches in use, from 0 to 1.</param>
/// <param name="TtftSeconds">The mean time to first token of the last period; 0 if there was none.</param>
/// <param name="LastRequestAt">When the last request came; null if none has come since the start.</param>
/// <param name="Complete">Whether all reports are there; without them nothing is scaled down.</param>
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
