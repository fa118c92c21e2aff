namespace Grid.Grains.Placement;

/// <summary>The memory that one shard needs.</summary>
/// <param name="Shard">The shard, such as dp0/pp0/tp0 or ep3.</param>
/// <param name="WeightsBytes">Its part of the weights.</param>
/// <param name="CacheBytes">Its part of the KV cache.</param>
internal readonly record struct ShardNeed(ShardId Shard, long WeightsBytes, long CacheBytes)
{
    /// <summary>The memory that the ledger promises to it.</summary>
    public long Bytes => WeightsBytes + CacheBytes;

    /// <summary>Whether it holds only experts, and so may share a device with a shard of attention.</summary>
    public bool IsExpert => Shard.IsExpert;
}
