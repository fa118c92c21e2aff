namespace Grid.Engine.Layers.Experts;

/// <summary>Where a family keeps its experts in a checkpoint.</summary>
/// <param name="Block">Of a layer, such as <c>mlp.</c>.</param>
/// <param name="Gate">Of an expert.</param>
/// <param name="Up">Of an expert.</param>
/// <param name="Down">Of an expert.</param>
internal sealed record ExpertNames(string Block, string Gate, string Up, string Down)
{
    /// <summary>What most families have.</summary>
    public static ExpertNames Default { get; } = new("mlp.", GatedMlp.Names.Gate, GatedMlp.Names.Up, GatedMlp.Names.Down);

    /// <summary>What all names of a layer's block have in common.</summary>
    public string Prefix(int layer) => $"model.layers.{layer}.{Block}";

    /// <summary>Reads one expert, or this shard's part of it.</summary>
    public GatedMlp Load(LayerContext context, int layer, int expert) =>
        new(context, $"{Prefix(layer)}experts.{expert}.", (Gate, Up, Down), context.Config.MoeIntermediateSize, "moe_intermediate_size");
}
