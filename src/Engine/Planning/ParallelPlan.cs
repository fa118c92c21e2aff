namespace Grid.Engine.Planning;

/// <summary>How a model would be served, and what it would hold.</summary>
public sealed record ParallelPlan
{
    /// <summary>Whether weights and one request of full length fit on every device.</summary>
    public required bool Fits { get; init; }

    /// <summary>The sizes.</summary>
    public required ParallelLayout Layout { get; init; }

    /// <summary>Number of layers of each stage.</summary>
    public required IReadOnlyList<int> PipelineLayers { get; init; }

    /// <summary>The shards and their devices.</summary>
    public required IReadOnlyList<PlannedShard> Shards { get; init; }

    /// <summary>Bytes of weights on the device that holds the most.</summary>
    public long WeightsBytesPerDevice => Shards.Max(shard => shard.WeightsBytes);

    /// <summary>Tokens that the KV cache of one data-parallel rank holds: the minimum over its shards.</summary>
    public required long KVCacheTokens { get; init; }

    /// <summary>Requests of full length that one rank holds at once.</summary>
    public required double MaxConcurrency { get; init; }

    /// <summary>The maximum request length of the plan, in tokens.</summary>
    public required int MaxModelLen { get; init; }

    /// <summary>The longest request that fits, in tokens; 0: not even one block fits.</summary>
    public required int LongestModelLen { get; init; }

    /// <summary>Bytes that the fullest device needs for its weights and one request of full length.</summary>
    public required long NeededBytes { get; init; }

    /// <summary>Bytes that this device has, after <c>--gpu-memory-utilization</c>.</summary>
    public required long AvailableBytes { get; init; }

    /// <summary>Whether the options set the size of the KV cache.</summary>
    public bool IsCacheStated { get; init; }

    /// <summary>The reasons for the plan, as sentences, and warnings. Where the plan fits, the last sentence has the numbers.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];
}
