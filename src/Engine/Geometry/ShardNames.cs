using Grid.Primitives.Ids;

namespace Grid.Engine.Geometry;

/// <summary>What people see of a shard.</summary>
internal static class ShardNames
{
    /// <summary>Of all shards of a rank, tensor fastest.</summary>
    public static string[] All(EngineOptions options) =>
        [.. from stage in Enumerable.Range(0, options.PipelineParallelSize)
            from tensor in Enumerable.Range(0, options.TensorParallelSize)
            select ShardId.NameWithinRank(stage, tensor, options.PipelineParallelSize)];
}
