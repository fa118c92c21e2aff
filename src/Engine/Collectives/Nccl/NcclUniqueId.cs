using System.Runtime.InteropServices;

namespace Grid.Engine.Collectives.Nccl;

/// <summary><c>ncclUniqueId</c>, by which the members of a group find each other. NCCL takes it by value.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal unsafe struct NcclUniqueId
{
    public fixed byte Data[128];
}
