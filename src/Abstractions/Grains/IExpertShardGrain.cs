namespace Grid.Abstractions.Grains;

/// <summary>One expert shard at one epoch on one node, keyed <c>smollm2/r0@7/ep3@node-a</c>.</summary>
[Alias("grid.IExpertShardGrain")]
public interface IExpertShardGrain : IShardGrain;
