using System.Text.Json;
using Grid.Engine.Configuration;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>Which shards hold which experts, layer by layer. Immutable: a move creates a new one.</summary>
/// <param name="Holders">
/// For each layer and each expert the numbers of the shards that hold a copy, at least one. A layer without experts is empty.
/// </param>
/// <param name="Version">Of two placements the one with the higher version is in force.</param>
internal sealed record ExpertPlacement(int[][][] Holders, long Version = 0)
{
    /// <summary>One copy of each expert, placed by the strategy of the options.</summary>
    public static ExpertPlacement Create(ModelConfig config, EngineOptions options)
    {
        var all = Create(config.NumHiddenLayers, config.NumExperts, options.NumExpertShards, options.ExpertPlacementStrategy);
        return new ExpertPlacement([.. all.Holders.Select((holders, layer) => config.IsMoeLayer(layer) ? holders : [])]);
    }

    /// <summary>One copy of each expert, the same in all layers.</summary>
    /// <param name="layers">The number of layers.</param>
    /// <param name="experts">Number of experts in a layer.</param>
    /// <param name="shards">The expert parallel size: the number of expert shards; 1 without expert parallelism.</param>
    /// <param name="strategy">How experts are assigned to shards.</param>
    public static ExpertPlacement Create(int layers, int experts, int shards, ExpertPlacementStrategy strategy)
    {
        int[][] holders = [.. Enumerable.Range(0, experts)
            .Select(expert => new[] { strategy == ExpertPlacementStrategy.Linear ? Linear(expert, experts, shards) : expert % shards })];
        return new ExpertPlacement([.. Enumerable.Repeat(holders, layers)]);
    }

    /// <summary>The experts of a shard, ordered by layer and expert.</summary>
    public IEnumerable<(int Layer, int Expert)> HeldBy(int shard) =>
        from layer in Enumerable.Range(0, Holders.Length)
        from expert in Enumerable.Range(0, Holders[layer].Length)
        where Holders[layer][expert].Contains(shard)
        select (layer, expert);

    /// <summary>The next version, with other holders in one layer.</summary>
    public ExpertPlacement With(int layer, int[][] holders)
    {
        int[][][] all = [.. Holders];
        all[layer] = holders;
        return new ExpertPlacement(all, Version + 1);
    }

    /// <summary>Serializes it for another process.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    public static ExpertPlacement FromBytes(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize<ExpertPlacement>(bytes) ?? throw new InvalidDataException("The placement of experts is empty.");

    // Each shard gets experts / shards of them, and the first ones one more.
    private static int Linear(int expert, int experts, int shards)
    {
        var (share, extra) = Math.DivRem(experts, shards);
        var first = extra * (share + 1);
        return expert < first ? expert / (share + 1) : extra + (expert - first) / share;
    }
}
