using System.Globalization;

namespace Grid.Engine.Devices;

/// <summary>What the host offers to a KV cache in main memory.</summary>
/// <param name="FreeBytes">Memory that can be had without swapping.</param>
/// <param name="CpuKVCacheSpace"><c>VLLM_CPU_KVCACHE_SPACE</c>, in GiB; null: unset.</param>
internal sealed record HostMemory(long FreeBytes, string? CpuKVCacheSpace)
{
    private const string SpaceVariable = "VLLM_CPU_KVCACHE_SPACE";
    private const string LinuxMemoryFile = "/proc/meminfo";
    private const string LinuxAvailableKey = "MemAvailable:";

    public static HostMemory Read() => new(ReadFreeBytes(), Environment.GetEnvironmentVariable(SpaceVariable));

    private static long ReadFreeBytes()
    {
        // The collector knows a container's limit, the kernel what other processes use.
        var limit = Math.Max(0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet);
        if (!File.Exists(LinuxMemoryFile)) return limit;
        var line = File.ReadLines(LinuxMemoryFile).FirstOrDefault(line => line.StartsWith(LinuxAvailableKey, StringComparison.Ordinal));
        var number = line?[LinuxAvailableKey.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return long.TryParse(number, CultureInfo.InvariantCulture, out var kibibytes) ? Math.Min(limit, kibibytes << 10) : limit;
    }
}
