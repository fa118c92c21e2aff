namespace Grid.Engine.Kernels;

/// <summary>Functions between the two halves of an MLP.</summary>
internal enum Activation
{
    /// <summary>x times sigmoid(x).</summary>
    Silu,

    /// <summary>Gauss' error function.</summary>
    Gelu,

    /// <summary>Its tanh approximation.</summary>
    GeluTanh,

    /// <summary>The larger of x and 0.</summary>
    Relu,
}
