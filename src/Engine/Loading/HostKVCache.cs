using Grid.Engine.Configuration;
using Grid.Engine.Devices;
using Grid.Primitives.Ids;

namespace Grid.Engine.Loading;

/// <summary>The KV cache in main memory, as a server of one model sizes it before the model is loaded.</summary>
public static class HostKVCache
{
    /// <summary>
    /// Bytes of a shard's KV cache: as asked, else what VLLM_CPU_KVCACHE_SPACE says, else the default, and no more than all concurrent
    /// requests can fill.
    /// </summary>
    /// <param name="options">Options that name no number of blocks.</param>
    /// <exception cref="ModelLoadException">VLLM_CPU_KVCACHE_SPACE breaks its rule.</exception>
    public static long BytesPerShard(ModelConfig config, EngineOptions options)
    {
        var host = HostMemory.Read();
        if ((options.KVCacheMemoryBytes ?? KVCacheSizing.FromEnvironment(host)) is { } given) return given;
        var length = options.MaxModelLen > 0 ? options.MaxModelLen.Value : MaxModelLength.Derive(config);
        var blocks = (long)options.MaxNumSeqs * ((length + options.BlockSize - 1) / options.BlockSize);
        var bytesPerToken = config.NumHiddenLayers * config.KVElementsPerToken(config.NumKeyValueHeads)
            * ModelMemory.ElementBytes(config, DeviceKind.Cpu, options.DType);
        var slices = options.TensorParallelSize * options.PipelineParallelSize;
        return Math.Min(blocks * options.BlockSize * bytesPerToken / slices,
            KVCacheSizing.DefaultBytes(host.FreeBytes) / (slices * options.DataParallelSize));
    }
}
