using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Grid.Engine.Linears;

/// <summary>
/// Finds out whether a packed weight computes what the plain one does. On some CPUs oneDNN does not where the number of outputs is no
/// multiple of its blocks (seen on AMD Zen 5 with AVX-512 and float32, where such outputs are those of other columns).
/// </summary>
internal static class PackedCheck
{
    /// <summary>The outputs of a padded weight are a multiple of it, which every kernel has whole blocks for.</summary>
    public const long Multiple = 64;

    private const int Seed = 20260102;

    // Far above what another order of adding changes, and far below a wrong column.
    private const double Tolerance = 0.05;

    private static readonly ConcurrentDictionary<(long Out, long In, ScalarType Type), bool> Known = new();

    /// <summary>Whether packed weights of a shape are right.</summary>
    /// <param name="weight">A weight of that shape, [outputs, inputs].</param>
    public static bool IsRight(Tensor weight)
    {
        var key = (weight.size(0), weight.size(1), weight.dtype);
        return Known.TryGetValue(key, out var known) ? known : Known[key] = Compare(weight);
    }

    private static bool Compare(Tensor weight)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(Seed, CPU);
        // A weight of zeros, as dummy ones may be, would show nothing.
        var probe = randn(weight.size(0), weight.size(1), generator: generator).to(weight.dtype);
        var x = randn(1, weight.size(1), generator: generator).to(weight.dtype);
        var expected = nn.functional.linear(x, probe).to(ScalarType.Float32);
        var actual = PackedWeight.Linear(x, PackedWeight.Pack(probe), null).to(ScalarType.Float32);
        var difference = (actual - expected).abs().max().item<float>();
        return difference <= Tolerance * expected.abs().max().item<float>();
    }
}
