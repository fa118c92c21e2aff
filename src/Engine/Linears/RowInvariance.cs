using System.Collections.Concurrent;
using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Linears;

/// <summary>Finds out whether a row through a packed linear has the same bits whatever rows surround it.</summary>
internal static unsafe class RowInvariance
{
    private const int Seed = 20260101;

    // A head's outputs for 2048 rows would take a gigabyte, only to be compared.
    private const long MaxOutputs = 1L << 25;

    // Close together where few rows make oneDNN share out the work in another way.
    private static readonly long[] Sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 24, 28, 32, 48, 64, 96, 128, 256,
        512, 1024, 2048];
    private static readonly ConcurrentDictionary<(long Out, long In, ScalarType Type, int Threads), long> Known = new();

    /// <summary>Most rows that one call may have.</summary>
    /// <param name="packed">A packed weight; its shape and type are what is judged.</param>
    /// <param name="inputs">Elements of an input row.</param>
    public static long LargestTile(Tensor packed, long inputs)
    {
        var key = (packed.size(0), inputs, packed.dtype, get_num_threads());
        if (!Known.TryGetValue(key, out var tile)) Known[key] = tile = Measure(packed, inputs);
        return tile;
    }

    private static long Measure(Tensor packed, long inputs)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(Seed, CPU);
        var limit = Math.Max(1, MaxOutputs / packed.size(0));
        var x = randn(Math.Min(limit, Sizes[^1]), inputs, generator: generator).to(packed.dtype);
        var tile = 1L;
        foreach (var size in Sizes)
        {
            var rows = Math.Min(size, limit);
            if (!Holds(x, packed, rows)) break;
            tile = rows;
        }
        return tile == Sizes[^1] ? long.MaxValue : tile;
    }

    private static bool Holds(Tensor x, Tensor packed, long rows)
    {
        using var batch = x.narrow(0, 0, rows);
        using var together = PackedWeight.Linear(batch, packed, null);
        foreach (var row in (ReadOnlySpan<long>)[0, rows / 3, rows / 2, rows - 1])
        {
            using var single = x.narrow(0, row, 1);
            using var alone = PackedWeight.Linear(single, packed, null);
            if (!RowBytes(alone, 0).SequenceEqual(RowBytes(together, row))) return false;
        }
        return true;
    }

    private static ReadOnlySpan<byte> RowBytes(Tensor x, long row)
    {
        var length = x.size(1) * x.element_size();
        return new ReadOnlySpan<byte>((byte*)x.Data() + row * length, checked((int)length));
    }
}
