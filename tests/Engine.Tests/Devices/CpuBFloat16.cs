using System.Runtime.Intrinsics.X86;

namespace Grid.Engine.Tests.Devices;

/// <summary>Whether this CPU computes in bfloat16. Where it does not, the runner takes float32 instead.</summary>
internal static class CpuBFloat16
{
    public static bool IsComputed => Avx512BW.IsSupported;

    public static void SkipUnlessComputed(string dtype) =>
        Assert.SkipUnless(IsComputed || dtype != "bfloat16",
        "This CPU has no fast bfloat16 arithmetic (AVX-512BW): the runner would take float32.");
}
