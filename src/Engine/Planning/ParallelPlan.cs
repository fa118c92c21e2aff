namespace Grid.Engine.Planning;

/// <summary>How a model would be served, and what it would hold.</summary>
public sealed record ParallelPlan
{
    /// <summary>Whether weights and one request of full length fit on every device.</summary>
    public required bool Fits { get; init; }

    /// <summary>The sizes.</summary>
    public required ParallelLayout Layout { get; init; }

    /// <summary>Layers of each stage.</summary>
    public required IReadOnlyList<int> PipelineLayers { get; init; }

    /// <summary>What stands where.</summary>
    public required IReadOnlyList<PlannedShard> Shards { get; init; }

    /// <summary>Of the device that holds most.</summary>
    public long WeightsBytesPerDevice => Shards.Max(shard => shard.WeightsBytes);

    /// <summary>Tokens of one data-parallel rank: the minimum over its shards.</summary>
    public required long KVCacheTokens { get; init; }

    /// <summary>Requests of full length that one rank holds at once.</summary>
    public required double MaxConcurrency { get; init; }

    /// <summary>The length that was planned for.</summary>
    public required int MaxModelLen { get; init; }

    /// <summary>The longest length that fits; 0: not even a block.</summary>
    public required int LongestModelLen { get; init; }

    /// <summary>What the fullest device needs for its weights and one request of full length.</summary>
    public required long NeededBytes { get; init; }

    /// <summary>What that device has, after <c>--gpu-memory-utilization</c>.</summary>
    public required long AvailableBytes { get; init; }

    /// <summary>Whether the options name the size of the KV cache.</summary>
    public bool IsCacheStated { get; init; }

    /// <summary>Why, in sentences; warnings too. Where it fits, the last one has the numbers.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];
}
