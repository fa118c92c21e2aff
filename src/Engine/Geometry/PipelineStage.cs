namespace Grid.Engine.Geometry;

/// <summary>Which layers a shard holds. The first stage has the embedding, the last one norm and head.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Count">Pipeline parallel size.</param>
/// <param name="Layers">Its layers.</param>
internal readonly record struct PipelineStage(int Index, int Count, Slice Layers)
{
    /// <summary>Whether it embeds tokens.</summary>
    public bool IsFirst => Index == 0;

    /// <summary>Whether it computes logits.</summary>
    public bool IsLast => Index == Count - 1;

    /// <summary>All layers.</summary>
    public static PipelineStage Whole(int layers) => new(0, 1, Slice.All(layers));
}
