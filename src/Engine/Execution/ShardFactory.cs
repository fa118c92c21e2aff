using System.Runtime.InteropServices;
using Grid.Engine.Attention;
using Grid.Engine.Configuration;
using Grid.Engine.Devices;
using Grid.Engine.Kernels;
using Grid.Engine.Kernels.Cpu;
using Grid.Engine.KVCache;
using Grid.Engine.Layers;
using Grid.Engine.Linears;
using Grid.Engine.Models.Families;
using Grid.Engine.Weights;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace Grid.Engine.Execution;

/// <summary>Loads one shard of a model, or a whole model on one device.</summary>
internal static class ShardFactory
{
    /// <summary>What layers are built from, for this kind of runner and device.</summary>
    public static LayerContext CreateContext(ModelConfig config, WeightLoader weights, EngineOptions options, ShardPlacement placement,
        ILogger logger)
    {
        var device = RunnerDevice.Of(options.Devices.First);
        if (device.type == DeviceType.CPU)
        {
            OneDnnInstructions.Limit();
            SetThreads(options);
        }
        var packed = IsPacked(options, device);
        return new LayerContext
        {
            Config = config,
            Weights = weights,
            Placement = placement,
            Kernels = packed ? new CpuKernels() : new TorchKernels(device),
            Linears = packed ? new PackedLinear.Factory() : new PlainLinear.Factory(device),
            Type = RunnerType.Choose(options.DType, config, device, logger),
            Device = device,
        };
    }

    /// <summary>
    /// Reads one shard's weights and measures its device. To be called on the thread that will use and dispose the runner.
    /// </summary>
    public static TorchModelRunner CreateShard(
        ModelConfig config, IWeightSource? weights, EngineOptions options, ShardPlacement placement, IProgress<LoadProgress>? progress,
        ILogger logger)
    {
        var runner = LoadShard(config, weights, options, placement, progress, logger);
        try
        {
            MeasureKVCache(runner, options);
            return runner;
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    /// <summary>Finds out what a CUDA device has for the KV cache. All shards compute a step for it, each on its own thread.</summary>
    public static void MeasureKVCache(TorchModelRunner runner, EngineOptions options)
    {
        var device = RunnerDevice.Of(options.Devices.First);
        if (device.type != DeviceType.CUDA) return;
        try
        {
            runner.Info = runner.Info with { KVCacheBytes = KVCacheBudget.Measure(runner, options, new CudaDeviceMemory(device.index)) };
        }
        catch (ExternalException exception)
        {
            throw DoesNotFit(options, exception);
        }
    }

    /// <summary>Reads one shard's weights. To be called on the thread that will use and dispose the runner.</summary>
    public static TorchModelRunner LoadShard(
        ModelConfig config, IWeightSource? weights, EngineOptions options, ShardPlacement placement, IProgress<LoadProgress>? progress,
        ILogger logger)
    {
        using var mode = inference_mode();
        var source = options.LoadFormat == LoadFormat.Dummy ? new DummyWeightSource(options.Seed ?? 0)
            : weights
            ?? throw new ModelLoadException($"{options.Model} has no weights; --load-format dummy makes random ones.",
            ModelLoadFault.NotFound);
        using var loader = new WeightLoader(source, progress);
        var context = CreateContext(config, loader, options, placement, logger);
        var device = context.Device;
        var packed = IsPacked(options, device);
        if (!packed) logger.NotBatchInvariant();
        try
        {
            var model = ModelRegistry.Of(config).Create(context);
            var shape = CacheShape(context, options.BlockSize);
            var layout = CacheLayout(context, shape);
            IAttentionBackend attention = packed
                ? new PagedAttentionBackend(shape, new PagedKVCache(shape, layout, options.PrefaultKVCache))
                : new SdpaAttentionBackend(shape, new TensorKVCache(shape, layout, device), device);
            var numerics =
                NumericsFingerprint.Compute(loader.Digest(), packed ? "packed" : "eager", device, context.Type, placement.TensorSlice.Size);
            var info = new ModelRunnerInfo(config.VocabSize, options.BlockSize, shape.BytesPerBlock, null, numerics)
            {
                KVBlock = layout,
                MaxModelLen = MaxModelLength.Derive(config),
            };
            return new TorchModelRunner(context, model, attention, options.MaxNumBatchedTokens, info) { LongWait = options.LongWait };
        }
        catch (ExternalException exception) when (device.type == DeviceType.CUDA)
        {
            context.Dispose();
            throw DoesNotFit(options, exception);
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    private static ModelLoadException DoesNotFit(EngineOptions options, ExternalException exception) =>
        new($"{options.Model} cannot be loaded on {options.Devices}: {exception.Message.Split('\n')[0]}", ModelLoadFault.DoesNotFit,
        exception);

    private static bool IsPacked(EngineOptions options, Device device) =>
        options is { Runner: RunnerKind.Auto, EnforceEager: false } && device.type == DeviceType.CPU;

    // libtorch has one number of threads for the whole process, and setting it costs even where nothing changes.
    private static void SetThreads(EngineOptions options)
    {
        var shards = options.TensorParallelSize * options.PipelineParallelSize * options.DataParallelSize;
        var threads = options.CpuThreads ?? Math.Max(1, Environment.ProcessorCount / shards);
        if (get_num_threads() != threads) set_num_threads(threads);
    }

    private static KVCacheShape CacheShape(LayerContext context, int blockSize)
    {
        var config = context.Config;
        return new KVCacheShape(
            context.Stage.Layers.Length,
            context.TensorSlice.OfHeads(config.NumAttentionHeads).Length,
            context.TensorSlice.OfKVHeads(config.NumKeyValueHeads).Length,
            config.HeadDim,
            blockSize,
            context.Type);
    }

    private static KVBlockLayout CacheLayout(LayerContext context, KVCacheShape shape)
    {
        var element = context.Type switch
        {
            ScalarType.Float32 => KVElement.Float32,
            ScalarType.BFloat16 => KVElement.BFloat16,
            _ => KVElement.Float16,
        };
        var heads = context.TensorSlice.OfKVHeads(context.Config.NumKeyValueHeads);
        return new(context.Stage.Layers.Start, shape.Layers, heads.Start, heads.Length, shape.HeadDim, shape.BlockSize, element);
    }
}
