using System.Globalization;
using Grid.Engine.Configuration;
using Grid.Engine.Devices;
using Grid.Engine.Execution;

namespace Grid.Engine.Loading;

/// <summary>How large the KV cache is and how long a request may be, with vLLM's arithmetic.</summary>
/// <param name="NumBlocks">KV blocks of one rank.</param>
/// <param name="MaxModelLen">Tokens of prompt and output together, at most.</param>
internal sealed record KVCacheSizing(int NumBlocks, int MaxModelLen)
{
    private const int AutoFit = -1;
    private const long GiB = 1L << 30;
    private const long DefaultMaxBytes = 4 * GiB;

    /// <summary>Decides both numbers, for options that obey their own rules.</summary>
    /// <exception cref="ModelLoadException">The model is shorter than is asked for, or a request of full length does not fit.</exception>
    public static KVCacheSizing Decide(ModelRunnerInfo runner, EngineOptions options, HostMemory host)
    {
        var blocks = CountBlocks(runner, options, host);
        var requested = options.MaxModelLen;
        var longest = runner.MaxModelLen
            ?? (requested > 0 ? requested.Value : throw Fault("--max-model-len must be given: the model states no longest length."));
        if (requested > longest)
            throw Fault($"--max-model-len must be at most {longest}, the longest length of the model; got {requested}.");

        var fitting = (int)Math.Min((long)blocks * runner.BlockSize, longest);
        var length = requested == AutoFit ? fitting : requested ?? longest;
        return length <= fitting && length > 0 ? new(blocks, length) : throw DoesNotFit(runner, blocks, Math.Max(length, 1));
    }

    /// <summary>What a KV cache in main memory takes where nothing is asked for, over all ranks.</summary>
    public static long DefaultBytes(long freeBytes) => Math.Min(DefaultMaxBytes, freeBytes / 4);

    private static int CountBlocks(ModelRunnerInfo runner, EngineOptions options, HostMemory host)
    {
        if (options.NumGpuBlocksOverride is { } blocks)
            return blocks;
        var stated = options.KVCacheMemoryBytes ?? runner.KVCacheBytes ?? FromEnvironment(host);
        var bytes = stated ?? DefaultBytes(host.FreeBytes) / Ranks(options);
        return (int)Math.Min(bytes / runner.BytesPerBlock, stated is null ? MostUsable(runner, options) : Array.MaxLength);
    }

    /// <summary>Blocks of all requests that may run at once at full length: the default need not be larger.</summary>
    private static long MostUsable(ModelRunnerInfo runner, EngineOptions options)
    {
        var length = options.MaxModelLen > 0 ? options.MaxModelLen : runner.MaxModelLen;
        return length is { } tokens ? (long)options.MaxNumSeqs * ((tokens + runner.BlockSize - 1) / runner.BlockSize) : Array.MaxLength;
    }

    /// <summary>What VLLM_CPU_KVCACHE_SPACE says; null: it is not set.</summary>
    public static long? FromEnvironment(HostMemory host)
    {
        if (string.IsNullOrEmpty(host.CpuKVCacheSpace)) return null;
        if (double.TryParse(host.CpuKVCacheSpace, CultureInfo.InvariantCulture, out var space) && space is > 0 and < 1 << 20)
            return (long)(space * GiB);
        throw Fault($"VLLM_CPU_KVCACHE_SPACE must be a number of GiB above 0; got '{host.CpuKVCacheSpace}'.");
    }

    private static int Ranks(EngineOptions options) => options.TensorParallelSize * options.PipelineParallelSize * options.DataParallelSize;

    private static ModelLoadException DoesNotFit(ModelRunnerInfo runner, int blocks, int length)
    {
        var neededBlocks = (length + runner.BlockSize - 1) / runner.BlockSize;
        var (needed, available) = (neededBlocks * runner.BytesPerBlock, blocks * runner.BytesPerBlock);
        var remedy = blocks == 0
            ? "Not even one block fits: make room for it with --kv-cache-memory-bytes, VLLM_CPU_KVCACHE_SPACE or --gpu-memory-utilization."
            : $"The longest length that fits is {(long)blocks * runner.BlockSize} tokens: lower --max-model-len to it (-1 does), or make "
            + "room with "
              + "--kv-cache-memory-bytes, VLLM_CPU_KVCACHE_SPACE or --gpu-memory-utilization.";
        return new(string.Create(CultureInfo.InvariantCulture,
            $"A request of the maximum length ({length} tokens) needs {Size(needed)} of KV cache ({neededBlocks} blocks), and "
            + $"{Size(available)} ({blocks} blocks) are available. ")
            + remedy, ModelLoadFault.DoesNotFit);
    }

    private static string Size(long bytes) => bytes >= GiB / 100
        ? string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / GiB:F2} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F1} KiB");

    private static ModelLoadException Fault(string message) => new(message, ModelLoadFault.Layout);
}
