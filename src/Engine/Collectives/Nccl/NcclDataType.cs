namespace Grid.Engine.Collectives.Nccl;

/// <summary>NCCL's element types (<c>ncclDataType_t</c>).</summary>
internal enum NcclDataType
{
    Int8 = 0,
    UInt8 = 1,
    Int32 = 2,
    Int64 = 4,
    Float16 = 6,
    Float32 = 7,
    Float64 = 8,
    BFloat16 = 9,
}
