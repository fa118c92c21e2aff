namespace Grid.Engine.Weights.Gguf.Quants;

/// <summary>Dequantizes one block.</summary>
internal delegate void BlockDecoder(ReadOnlySpan<byte> block, Span<float> destination);

/// <summary>How a tensor type lays its values out.</summary>
/// <param name="Elements">Values in a block.</param>
/// <param name="Bytes">Bytes of a block.</param>
/// <param name="Decode">Decodes a block to float32, with the operations of ggml's reference in their order, so that the bits agree.</param>
internal sealed record BlockFormat(int Elements, int Bytes, BlockDecoder Decode)
{
    private static readonly Dictionary<GgufTensorType, BlockFormat> Formats = new()
    {
        [GgufTensorType.F32] = new(1, 4, (block, destination) => ElementConversion.ToSingle(block, WeightType.Float32, destination)),
        [GgufTensorType.F16] = new(1, 2, (block, destination) => ElementConversion.ToSingle(block, WeightType.Float16, destination)),
        [GgufTensorType.BF16] = new(1, 2, (block, destination) => ElementConversion.ToSingle(block, WeightType.BFloat16, destination)),
        [GgufTensorType.Q4_0] = new(32, 18, SimpleQuants.DecodeQ4_0),
        [GgufTensorType.Q4_1] = new(32, 20, SimpleQuants.DecodeQ4_1),
        [GgufTensorType.Q5_0] = new(32, 22, SimpleQuants.DecodeQ5_0),
        [GgufTensorType.Q5_1] = new(32, 24, SimpleQuants.DecodeQ5_1),
        [GgufTensorType.Q8_0] = new(32, 34, SimpleQuants.DecodeQ8_0),
        [GgufTensorType.Q2_K] = new(256, 84, KQuants.DecodeQ2_K),
        [GgufTensorType.Q3_K] = new(256, 110, KQuants.DecodeQ3_K),
        [GgufTensorType.Q4_K] = new(256, 144, KQuants.DecodeQ4_K),
        [GgufTensorType.Q5_K] = new(256, 176, KQuants.DecodeQ5_K),
        [GgufTensorType.Q6_K] = new(256, 210, KQuants.DecodeQ6_K),
        [GgufTensorType.IQ4_NL] = new(32, 18, IQuants.DecodeIQ4_NL),
        [GgufTensorType.IQ4_XS] = new(256, 136, IQuants.DecodeIQ4_XS),
    };

    public static string SupportedTypes { get; } = string.Join(", ", Formats.Keys);

    /// <summary>Null for a type that is not supported.</summary>
    public static BlockFormat? Of(GgufTensorType type) => Formats.GetValueOrDefault(type);
}
