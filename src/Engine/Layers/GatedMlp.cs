using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary><c>down(silu(gate(x)) * up(x))</c>.</summary>
internal sealed class GatedMlp : IMlp
{
    private readonly MergedColumnParallelLinear _gateUp;
    private readonly SiluAndMul _activation;
    private readonly RowParallelLinear _down;

    /// <param name="context">Configuration, checkpoint, kernels and placement of the shard.</param>
    /// <param name="prefix">What the three names have in common.</param>
    /// <param name="names">Names of the gate, up and down projections.</param>
    /// <param name="width">Width inside the MLP.</param>
    /// <param name="widthName">Key of that width in config.json.</param>
    public GatedMlp(LayerContext context, string prefix, (string Gate, string Up, string Down) names, int width, string widthName)
    {
        var (hidden, bias) = (context.Config.HiddenSize, context.Config.MlpBias);
        _gateUp = new MergedColumnParallelLinear(context, [prefix + names.Gate, prefix + names.Up], hidden, width, widthName, bias);
        _activation = new SiluAndMul(context);
        _down = new RowParallelLinear(context, prefix + names.Down, width, hidden, widthName, bias);
    }

    /// <summary>The names that most families use.</summary>
    public static (string Gate, string Up, string Down) Names => ("gate_proj", "up_proj", "down_proj");

    public Tensor Forward(Tensor x)
    {
        using var activated = Inner(x);
        return _down.Forward(activated);
    }

    /// <summary>What this shard adds to the output.</summary>
    public Tensor ForwardPart(Tensor x)
    {
        using var activated = Inner(x);
        return _down.ForwardPart(activated);
    }

    private Tensor Inner(Tensor x)
    {
        using var gateUp = _gateUp.Forward(x);
        return _activation.Forward(gateUp);
    }
}
