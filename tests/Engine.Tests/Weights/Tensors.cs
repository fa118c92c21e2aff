using Grid.Engine.Weights;

namespace Grid.Engine.Tests.Weights;

/// <summary>Whole tensors for comparison.</summary>
internal static class Tensors
{
    public static float[] Read(WeightTensor tensor)
    {
        var values = new float[tensor.Rows * tensor.RowLength];
        tensor.ReadRows(0, tensor.Rows, values);
        return values;
    }

    /// <summary>The bits, so that -0 and 0 differ.</summary>
    public static uint[] Bits(WeightTensor tensor) => Array.ConvertAll(Read(tensor), BitConverter.SingleToUInt32Bits);

    /// <summary>Both hold the same tensors, bit for bit.</summary>
    public static void AssertSame(IWeightSource expected, IWeightSource actual)
    {
        Assert.Equal(expected.Names.Order(StringComparer.Ordinal), actual.Names.Order(StringComparer.Ordinal));
        foreach (var name in expected.Names)
        {
            var tensor = expected.Find(name)!;
            Assert.Equal(tensor.Shape, actual.Find(name)!.Shape);
            Assert.True(Bits(tensor).AsSpan().SequenceEqual(Bits(actual.Find(name)!)), $"{name} differs");
        }
    }
}
