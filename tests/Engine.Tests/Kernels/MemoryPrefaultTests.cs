using System.Globalization;
using System.Runtime.InteropServices;
using Grid.Engine.Kernels;

namespace Grid.Engine.Tests.Kernels;

public sealed unsafe class MemoryPrefaultTests
{
    private const int Bytes = 256 << 20;

    [Fact]
    public void Start_UntouchedMemory_BacksAllOfItAndKeepsItsContents()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Reads Linux' view of the process.");
        var memory = (byte*)NativeMemory.AlignedAlloc(Bytes, 64);
        try
        {
            memory[0] = memory[Bytes - 1] = 7;
            var before = AnonymousBytes();
            using (var prefault = MemoryPrefault.Start(((nint)memory, Bytes))) prefault.Wait();

            Assert.InRange(AnonymousBytes() - before, Bytes * 3L / 4, long.MaxValue);
            Assert.Equal((7, 7), (memory[0], memory[Bytes - 1]));
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    [Fact]
    public void Dispose_AtOnce_EndsBeforeTheMemoryIsFreed()
    {
        var memory = (byte*)NativeMemory.AlignedAlloc(Bytes, 64);
        MemoryPrefault.Start(((nint)memory, Bytes)).Dispose();
        NativeMemory.AlignedFree(memory);
    }

    private static long AnonymousBytes()
    {
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("RssAnon:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
