namespace Grid.Engine.Weights;

/// <summary>Arithmetic over dimensions that a file claims.</summary>
internal static class TensorShape
{
    private const long MaxElements = long.MaxValue / 8;

    /// <summary>The product of the dimensions, or null beyond what any file holds.</summary>
    public static UInt128? CountElements(ReadOnlySpan<long> shape)
    {
        UInt128 product = 1, extent = 1;
        foreach (var dimension in shape)
        {
            product *= (ulong)dimension;
            extent *= (ulong)Math.Max(dimension, 1);
            if (extent > MaxElements) return null;
        }
        return product;
    }
}
