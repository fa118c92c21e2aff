namespace Grid.Grains.Placement;

/// <summary>Memory that one shard asks for.</summary>
/// <param name="Shard">dp0/pp0/tp0 or ep3.</param>
/// <param name="WeightsBytes">Its part of the weights.</param>
/// <param name="CacheBytes">Its part of the KV cache.</param>
internal readonly record struct ShardNeed(ShardId Shard, long WeightsBytes, long CacheBytes)
{
    /// <summary>What the ledger promises.</summary>
    public long Bytes => WeightsBytes + CacheBytes;

    /// <summary>Whether it holds experts alone: it may share a device with a shard of attention.</summary>
    public bool IsExpert => Shard.IsExpert;
}
