using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Execution;

/// <summary>Names what decides a row's bits: two runners of equal fingerprints compute equal logits.</summary>
internal static class NumericsFingerprint
{
    private const int HexDigits = 16;

    /// <param name="weights">Digest of the weights.</param>
    /// <param name="runner">The kind of runner that is asked for.</param>
    /// <param name="device">The device that it runs on.</param>
    /// <param name="type">Type of weights and activations.</param>
    /// <param name="tensorParallelSize">Parts that sums over a width are made of.</param>
    public static string Compute(string weights, string runner, Device device, ScalarType type, int tensorParallelSize)
    {
        var facts = string.Join('|', weights, runner, device.type, type, InstructionSet(type), get_num_threads(), tensorParallelSize);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(facts)))[..HexDigits];
    }

    private static string InstructionSet(ScalarType type) => string.Join('+',
        Vector512.IsHardwareAccelerated, Avx512F.IsSupported, Avx2.IsSupported, Fma.IsSupported, Avx512Vbmi.IsSupported,
        Vector128.IsHardwareAccelerated, type == ScalarType.BFloat16 && HasBFloat16(), OneDnnInstructions.Allowed);

    // AVX512_BF16 (CPUID 7.1, EAX bit 5): .NET has no class for it, and oneDNN adds bfloat16 products in another order with it.
    private static bool HasBFloat16() => X86Base.IsSupported && X86Base.CpuId(7, 0).Eax >= 1 && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;
}
