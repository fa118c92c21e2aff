using System.Runtime.InteropServices;

namespace Grid.Engine.Parallelism.Collectives.Nccl;

/// <summary>What ranks find each other by: <c>ncclUniqueId</c>, handed over by value.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal unsafe struct NcclUniqueId
{
    public fixed byte Data[128];
}
