using Grid.Engine.Attention;

namespace Grid.Engine.Models;

/// <summary>One layer of a decoder: attention followed by an MLP.</summary>
internal interface IDecoderLayer
{
    /// <summary>Runs the layer and returns the next states. Takes ownership of <paramref name="hidden"/>.</summary>
    HiddenStates Forward(HiddenStates hidden, ForwardContext step);
}
