using Grid.Primitives.Ids;

namespace Grid.Engine.Geometry;

/// <summary>What people see of a shard.</summary>
internal static class ShardNames
{
    /// <summary><c>tp1</c>, and <c>pp0/tp1</c> where there are several stages.</summary>
    public static string Of(int stage, int tensor, int stages) => ShardId.NameWithinRank(stage, tensor, stages);

    /// <summary>Of all shards of a rank, tensor fastest.</summary>
    public static string[] All(EngineOptions options) =>
        [.. from stage in Enumerable.Range(0, options.PipelineParallelSize)
            from tensor in Enumerable.Range(0, options.TensorParallelSize)
            select Of(stage, tensor, options.PipelineParallelSize)];
}
