namespace Grid.Engine.Planning;

/// <summary>Finds the best division of layers into stages, by dynamic programming.</summary>
internal static class StageSearch
{
    /// <summary>
    /// Layers of each stage, at least one: the largest time is least, and of those divisions the sum of squared times. Null: none is
    /// finite.
    /// </summary>
    /// <param name="layers">The number of layers.</param>
    /// <param name="stages">Number of stages, at most that of layers.</param>
    /// <param name="time">Time of a stage that holds the layers [first, last); infinite where they do not fit.</param>
    public static int[]? Find(int layers, int stages, Func<int, int, int, double> time)
    {
        var slowest = Least(layers, stages, time, Math.Max, out _);
        if (double.IsInfinity(slowest)) return null;
        Least(layers, stages, (stage, first, last) => time(stage, first, last) is var t && t <= slowest ? t * t : double.PositiveInfinity,
            (sum, next) => sum + next, out var counts);
        return counts;
    }

    private static double Least(int layers, int stages, Func<int, int, int, double> time, Func<double, double, double> join,
        out int[] counts)
    {
        var best = new double[stages + 1, layers + 1];
        var from = new int[stages + 1, layers + 1];
        for (var last = 1; last <= layers; last++) best[0, last] = double.PositiveInfinity;
        for (var stage = 1; stage <= stages; stage++)
            for (var last = 0; last <= layers; last++)
            {
                best[stage, last] = double.PositiveInfinity;
                for (var first = stage - 1; first < last; first++)
                {
                    if (double.IsInfinity(best[stage - 1, first])) continue;
                    var all = join(best[stage - 1, first], time(stage - 1, first, last));
                    // Among equals, the one with more layers in front: the last stage also computes the logits.
                    if (all <= best[stage, last] && !double.IsInfinity(all)) (best[stage, last], from[stage, last]) = (all, first);
                }
            }

        counts = new int[stages];
        var end = layers;
        for (var stage = stages; stage > 0; stage--) (counts[stage - 1], end) = (end - from[stage, end], from[stage, end]);
        return best[stages, layers];
    }
}
