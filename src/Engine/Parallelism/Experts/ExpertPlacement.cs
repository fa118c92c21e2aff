namespace Grid.Engine.Parallelism.Experts;

/// <summary>Which shards hold which experts, layer by layer. Immutable: moves make a new one.</summary>
/// <param name="Holders">For each layer, for each expert, the shards that hold a copy, at least one.</param>
internal sealed record ExpertPlacement(int[][][] Holders)
{
    /// <summary>One copy of each expert, the same in all layers.</summary>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="experts">Experts of a layer.</param>
    /// <param name="shards">Expert parallel size.</param>
    /// <param name="strategy">linear: neighbours together; round_robin: shard, shard + size, ...</param>
    public static ExpertPlacement Create(int layers, int experts, int shards, string strategy)
    {
        int[][] holders = [.. Enumerable.Range(0, experts).Select(expert => new[] { strategy == "linear" ? Linear(expert, experts, shards) : expert % shards })];
        return new ExpertPlacement([.. Enumerable.Repeat(holders, layers)]);
    }

    /// <summary>The experts of a shard in a layer, ascending.</summary>
    public IEnumerable<int> HeldBy(int shard, int layer) =>
        Enumerable.Range(0, Holders[layer].Length).Where(expert => Holders[layer][expert].Contains(shard));

    /// <summary>Another placement of one layer.</summary>
    public ExpertPlacement With(int layer, int[][] holders)
    {
        int[][][] all = [.. Holders];
        all[layer] = holders;
        return new ExpertPlacement(all);
    }

    // Each shard gets experts / shards of them, the first ones one more.
    private static int Linear(int expert, int experts, int shards)
    {
        var (share, extra) = Math.DivRem(experts, shards);
        var first = extra * (share + 1);
        return expert < first ? expert / (share + 1) : extra + (expert - first) / share;
    }
}
