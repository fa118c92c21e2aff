namespace Grid.Abstractions.Configuration;

/// <summary>gateway.queue: requests that wait for a ready rank, per model and gateway.</summary>
/// <param name="MaxRequests">The number of requests beyond which 429 queue_full is answered.</param>
/// <param name="MaxWait">The longest wait; a longer one is answered with 503.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.QueueSpec"), Immutable]
public sealed record QueueSpec(
    [property: Id(0)] int MaxRequests,
    [property: Id(1)] TimeSpan MaxWait)
{
    /// <summary>The defaults: 1000 requests, 60 s.</summary>
    public static QueueSpec Default { get; } = new(1000, TimeSpan.FromSeconds(60));
}
