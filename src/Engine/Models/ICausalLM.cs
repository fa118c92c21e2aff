using Grid.Engine.Execution;
using static TorchSharp.torch;

namespace Grid.Engine.Models;

/// <summary>A decoder in two halves, so that logits are computed for the rows asked for only.</summary>
internal interface ICausalLM
{
    /// <summary>Runs all layers over the step's tokens, which stores their keys and values.</summary>
    /// <returns>The residual stream and what the last block adds to it.</returns>
    HiddenStates Forward(ForwardContext step);

    /// <summary>Norm and head over some of these rows.</summary>
    Tensor ComputeLogits(HiddenStates hidden);
}
