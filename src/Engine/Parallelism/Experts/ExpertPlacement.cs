using System.Text.Json;
using Grid.Engine.Configuration;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>Which shards hold which experts, layer by layer. Immutable: moves make a new one.</summary>
/// <param name="Holders">For each layer, for each expert, the shards that hold a copy, at least one; no experts in a layer without them.</param>
/// <param name="Version">Of two, the higher one is in force.</param>
internal sealed record ExpertPlacement(int[][][] Holders, long Version = 0)
{
    /// <summary>One copy of each expert, as the options ask.</summary>
    public static ExpertPlacement Create(ModelConfig config, EngineOptions options)
    {
        var all = Create(config.NumHiddenLayers, config.NumExperts, options.NumExpertShards, options.ExpertPlacementStrategy);
        return new ExpertPlacement([.. all.Holders.Select((holders, layer) => config.IsMoeLayer(layer) ? holders : [])]);
    }

    /// <summary>One copy of each expert, the same in all layers.</summary>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="experts">Experts of a layer.</param>
    /// <param name="shards">Expert parallel size.</param>
    /// <param name="strategy">How experts are assigned to shards.</param>
    public static ExpertPlacement Create(int layers, int experts, int shards, ExpertPlacementStrategy strategy)
    {
        int[][] holders =
        [
            .. Enumerable.Range(0, experts).Select(expert =>
                new[] { strategy == ExpertPlacementStrategy.Linear ? Linear(expert, experts, shards) : expert % shards }),
        ];
        return new ExpertPlacement([.. Enumerable.Repeat(holders, layers)]);
    }

    /// <summary>What a shard is called: <c>ep3</c>.</summary>
    public static string NameOf(int shard) => $"ep{shard}";

    /// <summary>The experts of a shard, by layer and expert.</summary>
    public IEnumerable<(int Layer, int Expert)> HeldBy(int shard) =>
        from layer in Enumerable.Range(0, Holders.Length)
        from expert in Enumerable.Range(0, Holders[layer].Length)
        where Holders[layer][expert].Contains(shard)
        select (layer, expert);

    /// <summary>The next one, with other holders in one layer.</summary>
    public ExpertPlacement With(int layer, int[][] holders)
    {
        int[][][] all = [.. Holders];
        all[layer] = holders;
        return new ExpertPlacement(all, Version + 1);
    }

    /// <summary>For another process.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    public static ExpertPlacement FromBytes(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize<ExpertPlacement>(bytes) ?? throw new InvalidDataException("A placement of experts came without contents.");

    // Each shard gets experts / shards of them, the first ones one more.
    private static int Linear(int expert, int experts, int shards)
    {
        var (share, extra) = Math.DivRem(experts, shards);
        var first = extra * (share + 1);
        return expert < first ? expert / (share + 1) : extra + (expert - first) / share;
    }
}
