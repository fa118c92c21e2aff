using static TorchSharp.torch;

namespace Grid.Engine.Experts;

/// <summary>The experts of one layer, in this process or elsewhere.</summary>
internal interface IExpertLayer
{
    /// <summary>Adds each row's experts, weighted, in the order of expert ids, to a float32 sum.</summary>
    void AddTo(Tensor sum, Tensor x, ExpertRouting routing);
}
