using System.Runtime.Intrinsics;

namespace Grid.Engine.Kernels;

/// <summary>An element type that kernels read and write sixteen at a time as float32.</summary>
internal unsafe interface IElement<TSelf>
    where TSelf : unmanaged, IElement<TSelf>
{
    static abstract Vector512<float> Load(TSelf* source);

    static abstract void Store(Vector512<float> value, TSelf* destination);
}
