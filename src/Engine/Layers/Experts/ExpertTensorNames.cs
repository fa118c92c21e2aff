namespace Grid.Engine.Layers.Experts;

/// <summary>Names of the tensors of a mixture of experts in a checkpoint.</summary>
/// <param name="Block">What they have after the layer, such as <c>mlp.</c>.</param>
/// <param name="Gate">An expert's gate projection.</param>
/// <param name="Up">An expert's up projection.</param>
/// <param name="Down">An expert's down projection.</param>
internal sealed record ExpertTensorNames(string Block, string Gate, string Up, string Down)
{
    /// <summary>The names of most families.</summary>
    public static ExpertTensorNames Default { get; } = new("mlp.", GatedMlp.Names.Gate, GatedMlp.Names.Up, GatedMlp.Names.Down);

    /// <summary>The router, without what comes before <see cref="Block"/>.</summary>
    public string Router => Block + "gate";

    /// <summary>A projection of any expert, with {0} for its number, without what comes before <see cref="Block"/>.</summary>
    public string Pattern(string projection) => $"{Block}experts.{{0}}.{projection}";

    /// <summary>What all names of a layer's block have in common.</summary>
    public string Prefix(int layer) => $"model.layers.{layer}.{Block}";

    /// <summary>Reads one expert, or this shard's slice of it.</summary>
    public GatedMlp Load(LayerContext context, int layer, int expert) =>
        new(context, $"{Prefix(layer)}experts.{expert}.", (Gate, Up, Down), context.Config.MoeIntermediateSize, "moe_intermediate_size");
}
