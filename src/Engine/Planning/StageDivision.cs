using Grid.Engine.Layers;
using Grid.Engine.Parallelism;

namespace Grid.Engine.Planning;

/// <summary>Divides layers over stages whose devices differ.</summary>
internal static class StageDivision
{
    /// <summary>Gives layer after layer to the stage that keeps the largest KV cache with it, so that the smallest cache is as large as can be.</summary>
    /// <param name="costs">Of the model.</param>
    /// <param name="layers">Layers there are.</param>
    /// <param name="available">Bytes of each stage's smallest device, expert shards taken off.</param>
    public static Slice[] ByMemory(StageCosts costs, int layers, IReadOnlyList<long> available)
    {
        var (layer, perToken) = (costs.AverageLayer, costs.KVBytesPerTokenAndLayer);
        var free = available.Select((bytes, stage) => bytes - costs.Fixed(stage)).ToArray();
        var counts = new int[available.Count];
        Array.Fill(counts, 1);
        for (var left = layers - counts.Length; left > 0; left--) counts[Roomiest()]++;
        return PipelinePartition.Divide(layers, counts.Length, counts);

        int Roomiest() => Enumerable.Range(0, counts.Length).MaxBy(stage => (double)(free[stage] - (counts[stage] + 1) * layer) / ((counts[stage] + 1) * perToken));
    }
}
