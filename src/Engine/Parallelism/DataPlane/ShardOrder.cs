using Grid.Engine.Layers;
using Grid.Engine.Parallelism.Experts.Links;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>What a shard in another process is to load, and where its peers are. Sent as JSON.</summary>
internal sealed record ShardOrder
{
    /// <summary>The whole rank's options.</summary>
    public required EngineOptions Options { get; init; }

    /// <summary>Number of the shard, tensor fastest.</summary>
    public required int Shard { get; init; }

    /// <summary>First layer of each stage, and behind the last one the number of layers.</summary>
    public required int[] LayerBounds { get; init; }

    /// <summary>One a shard, tensor fastest, for errors.</summary>
    public required string[] Names { get; init; }

    /// <summary>Where each shard listens for its peers, tensor fastest.</summary>
    public required string[] Endpoints { get; init; }

    /// <summary>Where expert shards are; null: each shard has its slice of all experts, or there are none.</summary>
    public ExpertPlaces? Experts { get; init; }

    /// <summary>Pipeline stage.</summary>
    public int Stage => Shard / Options.TensorParallelSize;

    /// <summary>Part of each sharded width.</summary>
    public int Tensor => Shard % Options.TensorParallelSize;

    /// <summary>Whether the rank's logits come from this shard.</summary>
    public bool HasLogits => Tensor == 0 && Stage == Options.PipelineParallelSize - 1;

    /// <summary>The orders of a rank's shards.</summary>
    public static ShardOrder[] OfAll(EngineOptions options, IReadOnlyList<Slice> layers, IReadOnlyList<string> names, IReadOnlyList<string> endpoints) =>
        [.. names.Select((_, shard) => new ShardOrder
        {
            Options = options,
            Shard = shard,
            LayerBounds = [.. layers.Select(slice => slice.Start), layers[^1].Start + layers[^1].Length],
            Names = [.. names],
            Endpoints = [.. endpoints],
        })];
}
