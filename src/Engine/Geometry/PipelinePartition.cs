using System.Globalization;
using Grid.Engine.Configuration;

namespace Grid.Engine.Geometry;

/// <summary>Which layers each pipeline stage holds.</summary>
internal static class PipelinePartition
{
    /// <summary>Divides layers, by the given list or else as vLLM does.</summary>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="stages">The pipeline parallel size: the number of stages.</param>
    /// <param name="partition">Layers of each stage; null: vLLM's rule.</param>
    /// <exception cref="ModelLoadException">The list does not fit.</exception>
    public static Slice[] Divide(int layers, int stages, IReadOnlyList<int>? partition)
    {
        if (FindFaults(layers, stages, partition).FirstOrDefault() is { } fault) throw new ModelLoadException(fault, ModelLoadFault.Layout);
        var counts = partition ?? Even(layers, stages);
        var start = 0;
        return [.. counts.Select(count => new Slice((start += count) - count, count))];
    }

    /// <summary>The rules that a partition breaks.</summary>
    /// <inheritdoc cref="Divide"/>
    public static IEnumerable<string> FindFaults(int layers, int stages, IReadOnlyList<int>? partition)
    {
        if (layers < stages) yield return $"Number of layers ({layers}) must be at least pipeline parallel size ({stages}).";
        if (partition is null) yield break;
        var given = string.Join(',', partition);
        if (partition.Count != stages)
            yield return $"--pipeline-layer-partition must have as many numbers as there are stages ({stages}); got {partition.Count}.";
        if (partition.Any(count => count < 1))
            yield return $"--pipeline-layer-partition must give each stage at least 1 layer; got '{given}'.";
        if (partition.Sum() != layers)
            yield return $"--pipeline-layer-partition must add up to the number of layers ({layers}); got {partition.Sum()}.";
    }

    /// <summary>What is logged: <c>0-10, 11-21</c>.</summary>
    public static string Describe(IEnumerable<Slice> stages) => string.Join(", ", stages.Select(stage =>
        string.Create(CultureInfo.InvariantCulture, $"{stage.Start}-{stage.Start + stage.Length - 1}")));

    /// <summary>vLLM's rule: what is left over goes one each to the stages before the last, which also computes the logits.</summary>
    private static int[] Even(int layers, int stages)
    {
        var counts = new int[stages];
        Array.Fill(counts, layers / stages);
        for (var extra = 0; extra < layers % stages; extra++) counts[stages - 2 - extra]++;
        return counts;
    }
}
