using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Grid.Engine.Devices;

/// <summary>What libtorch keeps of a CUDA device's memory for later tensors. A model that is loaded next would find it taken.</summary>
internal static class CudaMemoryCache
{
    private const long MoreThanAnyDeviceHas = 1L << 50;

    /// <summary>Gives back what no tensor uses.</summary>
    public static void Release(Device device)
    {
        // Neither TorchSharp nor libtorch's C ABI has a call for it. libtorch gives all back before it lets an allocation fail.
        try
        {
            empty(MoreThanAnyDeviceHas, ScalarType.Byte, device).Dispose();
        }
        catch (ExternalException)
        {
        }
    }
}
