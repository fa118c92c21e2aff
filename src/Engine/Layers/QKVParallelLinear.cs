using Grid.Engine.Configuration;
using Grid.Engine.Geometry;
using Grid.Engine.Weights;

namespace Grid.Engine.Layers;

/// <summary>The projections to query, key and value heads, computed as one and divided by heads.</summary>
internal sealed class QKVParallelLinear : ColumnParallelLinear
{
    private QKVParallelLinear(LayerContext context, ReadOnlySpan<LinearPart> parts)
        : base(context, context.Config.HiddenSize, context.Config.AttentionBias, parts)
    {
        var config = context.Config;
        int heads = context.TensorSlice.OfHeads(config.NumAttentionHeads).Length,
            kvHeads = context.TensorSlice.OfKVHeads(config.NumKeyValueHeads).Length;
        QueryHeads = new HeadRange(0, heads, config.HeadDim);
        KeyHeads = new HeadRange(heads, kvHeads, config.HeadDim);
    }

    /// <summary>This shard's query heads in an output row.</summary>
    public HeadRange QueryHeads { get; }

    /// <summary>This shard's key heads in an output row; as many value heads follow.</summary>
    public HeadRange KeyHeads { get; }

    /// <summary>From three tensors.</summary>
    public static QKVParallelLinear Separate(LayerContext context, string query, string key, string value)
    {
        var (queries, keys) = Slices(context);
        var config = context.Config;
        int queryWidth = config.NumAttentionHeads * config.HeadDim, keyWidth = config.NumKeyValueHeads * config.HeadDim;
        return new QKVParallelLinear(context,
        [
            new LinearPart(query, queryWidth, queries),
            new LinearPart(key, keyWidth, keys),
            new LinearPart(value, keyWidth, keys),
        ]);
    }

    /// <summary>From one tensor that holds all three side by side, [in, out].</summary>
    public static QKVParallelLinear FusedTransposed(LayerContext context, string name)
    {
        var (queries, keys) = Slices(context);
        var config = context.Config;
        int queryWidth = config.NumAttentionHeads * config.HeadDim, keyWidth = config.NumKeyValueHeads * config.HeadDim;
        var outputs = queryWidth + 2 * keyWidth;
        return new QKVParallelLinear(context,
        [
            new LinearPart(name, outputs, queries, Transposed: true),
            new LinearPart(name, outputs, keys with { Start = queryWidth + keys.Start }, Transposed: true),
            new LinearPart(name, outputs, keys with { Start = queryWidth + keyWidth + keys.Start }, Transposed: true),
        ]);
    }

    private static (Slice Queries, Slice Keys) Slices(LayerContext context)
    {
        ModelConfig config = context.Config;
        return (context.TensorSlice.OfHeads(config.NumAttentionHeads).Times(config.HeadDim),
            context.TensorSlice.OfKVHeads(config.NumKeyValueHeads).Times(config.HeadDim));
    }
}
