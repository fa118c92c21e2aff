namespace Grid.Abstractions.Grains;

/// <summary>
/// One expert shard at one epoch on one node, keyed <c>MODEL/r0@7/ep3@node-a</c>. It owns the shard's incarnation there: it knows which
/// copy
/// is the newest, and an older one may only stop.
/// </summary>
[Alias("grid.IExpertShardGrain")]
public interface IExpertShardGrain : IShardGrain;
