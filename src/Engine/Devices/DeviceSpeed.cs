using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using Grid.Engine.Configuration;
using Grid.Primitives.Ids;
using TorchSharp;

namespace Grid.Engine.Devices;

/// <summary>
/// How fast devices read weights, which is what a decode step waits for: some milliseconds of measuring, the best of several runs.
/// </summary>
public static class DeviceSpeed
{
    private const int Floats = 8 << 20;
    private const int Runs = 5;
    private const double BytesPerGigabyte = 1e9;

    /// <summary>Gigabytes a second; 0: it cannot be measured, as a simulated device cannot.</summary>
    /// <param name="threads">Of a shard on the CPU.</param>
    /// <exception cref="ModelLoadException">There is no such device.</exception>
    public static double Measure(DeviceId device, int threads) => device.Kind switch
    {
        DeviceKind.Cpu => threads * Host(),
        DeviceKind.Sim => 0,
        _ => Torch(RunnerDevice.Of(device)),
    };

    // One thread, times the threads: several at once would measure what else the machine does.
    private static double Host()
    {
        var weights = GC.AllocateUninitializedArray<float>(Floats);
        weights.AsSpan().Fill(1);
        return Best(() => Sum(weights));
    }

    private static double Torch(torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var weights = torch.ones(Floats, device: device);
        return Best(() => weights.sum().item<float>());
    }

    // Four sums, so that no addition waits for the one before it.
    private static float Sum(float[] weights)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(weights);
        Vector<float> a = default, b = default, c = default, d = default;
        for (var i = 0; i + 3 < vectors.Length; i += 4)
        {
            a += vectors[i];
            b += vectors[i + 1];
            c += vectors[i + 2];
            d += vectors[i + 3];
        }

        return Vector.Sum(a + b + c + d);
    }

    private static double Best(Func<float> read)
    {
        var best = double.PositiveInfinity;
        for (var run = 0; run < Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            if (read() <= 0) return 0;
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return Floats * sizeof(float) / BytesPerGigabyte / best;
    }
}
