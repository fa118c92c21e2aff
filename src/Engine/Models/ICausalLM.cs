using Grid.Engine.Attention;
using static TorchSharp.torch;

namespace Grid.Engine.Models;

/// <summary>A decoder, or one pipeline stage of it, in two halves, so that logits are computed for the rows asked for only.</summary>
internal interface ICausalLM
{
    /// <summary>Runs the stage's layers over the step's tokens, which stores their keys and values.</summary>
    /// <param name="step">Tokens, positions and attention of the step.</param>
    /// <param name="incoming">The residual stream of the stage before, which this call takes ownership of; null in the first stage, which
    /// embeds the tokens.</param>
    /// <returns>The residual stream and what the last layer adds to it.</returns>
    HiddenStates Forward(ForwardContext step, Tensor? incoming);

    /// <summary>Computes logits for these rows. Only the last stage can.</summary>
    Tensor ComputeLogits(HiddenStates hidden);
}
