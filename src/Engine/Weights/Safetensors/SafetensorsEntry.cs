namespace Grid.Engine.Weights.Safetensors;

/// <summary>One tensor as the header describes it.</summary>
/// <param name="DType">The element type as the format writes it (<c>BF16</c>).</param>
/// <param name="Shape">Dimensions; empty for a scalar.</param>
/// <param name="Begin">First byte, from the start of the data.</param>
/// <param name="End">One past the last byte.</param>
internal sealed record SafetensorsEntry(string Name, string DType, long[] Shape, long Begin, long End)
{
    /// <summary>Null for a type that the format knows and this project does not.</summary>
    public WeightType? Type => DType switch
    {
        "F32" => WeightType.Float32,
        "F16" => WeightType.Float16,
        "BF16" => WeightType.BFloat16,
        _ => null,
    };
}
