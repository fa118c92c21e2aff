namespace Grid.Engine.Planning;

/// <summary>How many KV blocks a rank must have, and how many are worth reserving.</summary>
public static class CacheDemand
{
    private const long MostBytes = 4L << 30;
    private const int FullLengthRequests = 8;

    /// <summary>Blocks without which a rank does not start: those that were asked for, else of one request of full length.</summary>
    /// <param name="options">The block size, and the blocks or bytes that were asked for.</param>
    /// <param name="length">Tokens of the longest request.</param>
    /// <param name="bytesPerBlock">Bytes of one block on the shard that holds the most layers.</param>
    public static long Needed(EngineOptions options, int length, long bytesPerBlock) =>
        Stated(options, bytesPerBlock) ?? BlocksOf(length, options.BlockSize);

    /// <summary>
    /// Blocks to reserve where there is room: those that were asked for, else of eight requests of full length, at most 4 GiB a shard.
    /// </summary>
    public static long Default(EngineOptions options, int length, long bytesPerBlock) => Stated(options, bytesPerBlock)
        ?? Math.Max(BlocksOf(length, options.BlockSize),
        Math.Min(BlocksOf((long)length * FullLengthRequests, options.BlockSize), MostBytes / bytesPerBlock));

    /// <summary>Whether options name the size of the cache.</summary>
    public static bool IsStated(EngineOptions options) =>
        options.NumGpuBlocksOverride is not null || options.KVCacheMemoryBytes is not null;

    private static long? Stated(EngineOptions options, long bytesPerBlock) =>
        options.NumGpuBlocksOverride is { } blocks
            ? blocks
            : options.KVCacheMemoryBytes is { } bytes ? Math.Max(1, bytes / bytesPerBlock) : null;

    private static long BlocksOf(long tokens, int blockSize) => (tokens + blockSize - 1) / blockSize;
}
