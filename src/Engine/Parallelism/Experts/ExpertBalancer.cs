namespace Grid.Engine.Parallelism.Experts;

/// <summary>
/// The greedy algorithm of DeepSeek's EPLB for one layer: each redundant copy goes to the expert with the highest load per copy. Then all
/// copies, heaviest first, go to the shard with the lowest load that has room and no copy of the same expert.
/// </summary>
internal static class ExpertBalancer
{
    /// <summary>Decides which shards hold which experts.</summary>
    /// <param name="load">The rows of each expert.</param>
    /// <param name="shards">The expert parallel size: the number of expert shards; 1 without expert parallelism.</param>
    /// <param name="redundant">Number of copies beyond one of each expert.</param>
    /// <param name="current">The present holders: of equal shards, one that holds the expert already is preferred.</param>
    /// <returns>For each expert, the shards that hold a copy.</returns>
    public static int[][] Balance(ReadOnlySpan<long> load, int shards, int redundant, int[][] current)
    {
        var copies = Replicate(load, shards, redundant);
        var slots = (copies.Sum() + shards - 1) / shards;
        var (held, weight) = (new int[shards], new double[shards]);
        var holders = new List<int>[load.Length];
        var perCopy = new double[load.Length];
        for (var expert = 0; expert < load.Length; expert++)
            (holders[expert], perCopy[expert]) = ([], (double)load[expert] / copies[expert]);

        foreach (var expert in Enumerable.Range(0, load.Length).OrderByDescending(expert => perCopy[expert]).ThenBy(expert => expert))
        {
            for (var copy = 0; copy < copies[expert]; copy++)
            {
                var shard = Enumerable.Range(0, shards)
                    .Where(candidate => held[candidate] < slots && !holders[expert].Contains(candidate))
                    .OrderBy(candidate => weight[candidate])
                    .ThenByDescending(candidate => current[expert].Contains(candidate))
                    .ThenBy(candidate => candidate)
                    .Select(candidate => (int?)candidate).FirstOrDefault();
                // Only shards that hold a copy already have room, and a second copy would be useless there.
                if (shard is not { } chosen) break;
                holders[expert].Add(chosen);
                held[chosen]++;
                weight[chosen] += perCopy[expert];
            }
        }

        return [.. holders.Select(list => list.Order().ToArray())];
    }

    /// <summary>The mean load of a shard over the largest: 1 is perfect. vLLM defines balancedness so.</summary>
    public static double Balancedness(ReadOnlySpan<long> load, int shards, int[][] holders)
    {
        var weight = new double[shards];
        for (var expert = 0; expert < load.Length; expert++)
            foreach (var shard in holders[expert]) weight[shard] += (double)load[expert] / holders[expert].Length;
        return weight.Max() == 0 ? 1 : weight.Average() / weight.Max();
    }

    private static int[] Replicate(ReadOnlySpan<long> load, int shards, int redundant)
    {
        var copies = new int[load.Length];
        Array.Fill(copies, 1);
        for (var spare = 0; spare < redundant; spare++)
        {
            var best = -1;
            for (var expert = 0; expert < load.Length; expert++)
                if (copies[expert] < shards && (best < 0 || PerCopy(expert, load) > PerCopy(best, load))) best = expert;
            if (best < 0) break;
            copies[best]++;
        }

        return copies;

        double PerCopy(int expert, ReadOnlySpan<long> rows) => (double)rows[expert] / copies[expert];
    }
}
