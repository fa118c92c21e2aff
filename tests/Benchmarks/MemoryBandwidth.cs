using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace Grid.Benchmarks;

/// <summary>What this machine reads from memory: the ceiling of a decode step, which reads every weight once.</summary>
internal static unsafe class MemoryBandwidth
{
    /// <summary>Bytes a second of the fastest of several reads of one buffer by all threads.</summary>
    public static double Read(long bytes, int threads, int passes = 8)
    {
        var buffer = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 4096);
        try
        {
            new Span<byte>(buffer, checked((int)bytes)).Fill(1);
            var best = double.MaxValue;
            for (var pass = 0; pass < passes; pass++) best = Math.Min(best, SecondsOfOneRead(buffer, bytes, threads));
            return bytes / best;
        }
        finally
        {
            NativeMemory.AlignedFree(buffer);
        }
    }

    /// <summary>The same of a CUDA device, which sums the buffer up.</summary>
    public static double ReadDevice(long bytes, string device, int passes = 8)
    {
        using var buffer = torch.zeros(bytes / sizeof(float), torch.ScalarType.Float32, torch.device(device));
        var best = double.MaxValue;
        for (var pass = 0; pass < passes; pass++)
        {
            torch.cuda.synchronize();
            var start = Stopwatch.GetTimestamp();
            using var sum = buffer.sum();
            torch.cuda.synchronize();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return bytes / best;
    }

    private static double SecondsOfOneRead(byte* buffer, long bytes, int threads)
    {
        var share = bytes / threads / 512 * 512;
        var start = Stopwatch.GetTimestamp();
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread => Sum(buffer + thread * share, share));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static long _sink;

    private static void Sum(byte* data, long bytes)
    {
        Vector512<long> a = default, b = default, c = default, d = default;
        for (long i = 0; i < bytes; i += 256)
        {
            a += Vector512.Load((long*)(data + i));
            b += Vector512.Load((long*)(data + i + 64));
            c += Vector512.Load((long*)(data + i + 128));
            d += Vector512.Load((long*)(data + i + 192));
        }

        Interlocked.Add(ref _sink, Vector512.Sum(a + b + c + d)); // so that the reads are not left out
    }
}
