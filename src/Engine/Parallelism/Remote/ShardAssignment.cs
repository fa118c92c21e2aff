using Grid.Engine.Geometry;
using Grid.Engine.Parallelism.Experts;

namespace Grid.Engine.Parallelism.Remote;

/// <summary>What a shard in another process is to load, and where its peers are. Sent as JSON.</summary>
internal sealed record ShardAssignment
{
    /// <summary>The whole rank's options.</summary>
    public required EngineOptions Options { get; init; }

    /// <summary>The number of the shard in its rank, tensor index fastest.</summary>
    public required int Shard { get; init; }

    /// <summary>The first layer of each stage, followed by the number of layers.</summary>
    public required int[] LayerBounds { get; init; }

    /// <summary>The names of all shards, tensor index fastest, for errors.</summary>
    public required string[] Names { get; init; }

    /// <summary>Where each shard listens for its peers, tensor index fastest.</summary>
    public required string[] Endpoints { get; init; }

    /// <summary>Where expert shards are reached; null: each shard has its slice of all experts, or there are none.</summary>
    public ExpertEndpoints? Experts { get; init; }

    /// <summary>Index of the pipeline stage.</summary>
    public int Stage => Shard / Options.TensorParallelSize;

    /// <summary>Index in the tensor-parallel group.</summary>
    public int Tensor => Shard % Options.TensorParallelSize;

    /// <summary>Whether the rank's logits come from this shard.</summary>
    public bool HasLogits => Tensor == 0 && Stage == Options.PipelineParallelSize - 1;

    /// <summary>The assignments of all shards of a rank.</summary>
    public static ShardAssignment[] OfAll(
        EngineOptions options, IReadOnlyList<Slice> layers, IReadOnlyList<string> names, IReadOnlyList<string> endpoints) =>
        [.. names.Select((_, shard) => new ShardAssignment
        {
            Options = options,
            Shard = shard,
            LayerBounds = [.. layers.Select(slice => slice.Start), layers[^1].Start + layers[^1].Length],
            Names = [.. names],
            Endpoints = [.. endpoints],
        })];
}
