namespace Grid.Engine.Parallelism.Experts;

/// <summary>
/// The greedy algorithm of DeepSeek's EPLB for one layer: each spare copy goes to the expert with the most load a copy, then copies go,
/// heaviest first, to the shard with the least load that has room and no copy of the same expert.
/// </summary>
internal static class ExpertBalancer
{
    /// <summary>Decides who holds what.</summary>
    /// <param name="load">Rows of each expert.</param>
    /// <param name="shards">Expert parallel size.</param>
    /// <param name="redundant">Copies beside one of each expert.</param>
    /// <param name="current">Who holds what now: of equal shards, one that has the expert already is preferred.</param>
    /// <returns>For each expert, the shards that hold a copy.</returns>
    public static int[][] Balance(ReadOnlySpan<long> load, int shards, int redundant, int[][] current)
    {
        var copies = Replicate(load, shards, redundant);
        var slots = (copies.Sum() + shards - 1) / shards;
        var (held, weight) = (new int[shards], new double[shards]);
        var holders = new List<int>[load.Length];
        var perCopy = new double[load.Length];
        for (var expert = 0; expert < load.Length; expert++) (holders[expert], perCopy[expert]) = ([], (double)load[expert] / copies[expert]);

        foreach (var expert in Enumerable.Range(0, load.Length).OrderByDescending(expert => perCopy[expert]).ThenBy(expert => expert))
        {
            for (var copy = 0; copy < copies[expert]; copy++)
            {
                var shard = Enumerable.Range(0, shards)
                    .Where(candidate => held[candidate] < slots && !holders[expert].Contains(candidate))
                    .OrderBy(candidate => weight[candidate]).ThenByDescending(candidate => current[expert].Contains(candidate)).ThenBy(candidate => candidate)
                    .Select(candidate => (int?)candidate).FirstOrDefault();
                // Room is left only beside another copy of the same expert, which would help nobody.
                if (shard is not { } chosen) break;
                holders[expert].Add(chosen);
                held[chosen]++;
                weight[chosen] += perCopy[expert];
            }
        }

        return [.. holders.Select(list => list.Order().ToArray())];
    }

    /// <summary>Mean over largest load of a shard: 1 is perfect, as vLLM's balancedness.</summary>
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
                if (copies[expert] < shards && (best < 0 || (double)load[expert] / copies[expert] > (double)load[best] / copies[best])) best = expert;
            if (best < 0) break;
            copies[best]++;
        }

        return copies;
    }
}
