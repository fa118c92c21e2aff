using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace Grid.Engine.Execution;

/// <summary>Names what decides a row's bits: two runners of equal fingerprints compute equal logits.</summary>
internal static class NumericsFingerprint
{
    private const int HexDigits = 16;

    /// <param name="weights">Digest of the weights.</param>
    /// <param name="runner">Kind of runner.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="type">Type of weights and activations.</param>
    /// <param name="tensorParallelSize">Parts that sums over a width are made of.</param>
    public static string Compute(string weights, string runner, Device device, ScalarType type, int tensorParallelSize)
    {
        var facts = string.Join('|', weights, runner, device.type, type, InstructionSet(), get_num_threads(), tensorParallelSize);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(facts)))[..HexDigits];
    }

    private static string InstructionSet() => string.Join('+',
        Vector512.IsHardwareAccelerated, Avx512F.IsSupported, Avx2.IsSupported, Fma.IsSupported, Avx512Vbmi.IsSupported, Vector128.IsHardwareAccelerated);
}
