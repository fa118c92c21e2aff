namespace Grid.Engine.Geometry;

/// <summary>Which layers a shard holds. The first stage has the embedding, the last one norm and head.</summary>
/// <param name="Index">The index of the stage, from 0.</param>
/// <param name="Count">The pipeline parallel size: the number of stages.</param>
/// <param name="Layers">The layers that it holds.</param>
internal readonly record struct PipelineStage(int Index, int Count, Slice Layers)
{
    /// <summary>Whether it embeds tokens.</summary>
    public bool IsFirst => Index == 0;

    /// <summary>Whether it computes logits.</summary>
    public bool IsLast => Index == Count - 1;

    /// <summary>All layers.</summary>
    public static PipelineStage Whole(int layers) => new(0, 1, Slice.All(layers));
}
