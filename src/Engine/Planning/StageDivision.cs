using Grid.Engine.Geometry;

namespace Grid.Engine.Planning;

/// <summary>Divides layers over stages whose devices differ.</summary>
internal static class StageDivision
{
    // A probe of some milliseconds on a machine in use is no more exact than this.
    private const double SameSpeed = 1.25;

    /// <summary>Whether all known speeds are about equal.</summary>
    public static bool AreEqual(IReadOnlyCollection<double> speeds) => speeds.Min() <= 0 || speeds.Max() <= speeds.Min() * SameSpeed;

    /// <summary>
    /// Gives layer after layer to the stage that keeps the largest KV cache with it, so that the smallest cache is as large as can be.
    /// </summary>
    /// <param name="costs">Costs of the model.</param>
    /// <param name="layers">Number of layers of the model.</param>
    /// <param name="available">Bytes of each stage's smallest device, without expert shards on it.</param>
    public static Slice[] ByMemory(StageCosts costs, int layers, IReadOnlyList<long> available)
    {
        var (layer, perToken) = (costs.AverageLayer, costs.KVBytesPerTokenAndLayer);
        var free = available.Select((bytes, stage) => bytes - costs.Fixed(stage)).ToArray();
        var counts = new int[available.Count];
        Array.Fill(counts, 1);
        for (var left = layers - counts.Length; left > 0; left--) counts[Roomiest()]++;
        return PipelinePartition.Divide(layers, counts.Length, counts);

        int Roomiest() =>
            Enumerable.Range(0, counts.Length)
            .MaxBy(stage => (double)(free[stage] - (counts[stage] + 1) * layer) / ((counts[stage] + 1) * perToken));
    }

    /// <summary>The division whose slowest stage is fastest, of those that fit; among equals the most even. Null: none fits.</summary>
    /// <param name="costs">Costs of the model.</param>
    /// <param name="layers">Number of layers of the model.</param>
    /// <param name="available">Bytes of each stage's smallest device, without expert shards on it.</param>
    /// <param name="speeds">Speed of each stage's slowest device, above 0.</param>
    /// <param name="cacheBytesPerLayer">Bytes of keys and values that each layer must have room for.</param>
    public static Slice[]? BySpeed(StageCosts costs, int layers, IReadOnlyList<long> available, IReadOnlyList<double> speeds,
        long cacheBytesPerLayer)
    {
        var sums = new long[layers + 1];
        for (var layer = 0; layer < layers; layer++) sums[layer + 1] = sums[layer] + costs.Layers(new Slice(layer, 1));
        var counts = StageSearch.Find(layers, speeds.Count, Time);
        return counts is null ? null : PipelinePartition.Divide(layers, counts.Length, counts);

        double Time(int stage, int first, int last)
        {
            var bytes = sums[last] - sums[first];
            return bytes + costs.Fixed(stage) + (last - first) * cacheBytesPerLayer <= available[stage]
                ? (bytes + costs.FixedWork(stage)) / speeds[stage]
                : double.PositiveInfinity;
        }
    }
}
