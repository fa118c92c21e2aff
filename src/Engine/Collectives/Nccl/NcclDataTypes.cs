using static TorchSharp.torch;

namespace Grid.Engine.Collectives.Nccl;

/// <summary>Maps libtorch's element types to NCCL's.</summary>
internal static class NcclDataTypes
{
    /// <summary>NCCL's type for an element type of libtorch.</summary>
    /// <exception cref="ArgumentException">NCCL has no such type.</exception>
    public static NcclDataType Of(ScalarType type) => type switch
    {
        ScalarType.Int8 => NcclDataType.Int8,
        ScalarType.Byte => NcclDataType.UInt8,
        ScalarType.Int32 => NcclDataType.Int32,
        ScalarType.Int64 => NcclDataType.Int64,
        ScalarType.Float16 => NcclDataType.Float16,
        ScalarType.Float32 => NcclDataType.Float32,
        ScalarType.Float64 => NcclDataType.Float64,
        ScalarType.BFloat16 => NcclDataType.BFloat16,
        _ => throw new ArgumentException($"NCCL cannot exchange tensors of type {type}.", nameof(type)),
    };
}
