using Grid.Engine.Layers;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>What a shard in another process is to load, and where its peers are. Sent as JSON.</summary>
internal sealed record ShardOrder
{
    /// <summary>The whole rank's options.</summary>
    public required EngineOptions Options { get; init; }

    /// <summary>Pipeline stage.</summary>
    public required int Stage { get; init; }

    /// <summary>Part of each sharded width.</summary>
    public required int Tensor { get; init; }

    /// <summary>First layer of each stage, and behind the last one the number of layers.</summary>
    public required int[] LayerBounds { get; init; }

    /// <summary>Of slices that follow each other.</summary>
    public static int[] BoundsOf(IReadOnlyList<Slice> layers) => [.. layers.Select(slice => slice.Start), layers[^1].Start + layers[^1].Length];

    /// <summary>One a shard, tensor fastest, for errors.</summary>
    public required string[] Names { get; init; }

    /// <summary>Where each shard listens for its peers, tensor fastest.</summary>
    public required string[] Endpoints { get; init; }
}
