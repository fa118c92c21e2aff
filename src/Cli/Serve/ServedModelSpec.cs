using System.Globalization;
using Grid.Abstractions.Configuration;
using Grid.Cli.Options;
using Grid.Engine;
using Grid.Engine.Configuration;
using Grid.Engine.Loading;
using Grid.Engine.Models.Files;

namespace Grid.Cli.Serve;

/// <summary>The one model of <c>grid serve</c> as a model of a grid.</summary>
internal static class ServedModelSpec
{
    private const string Simulated = "sim";

    private const long MostKVBytes = 4L << 30;
    private const int WidestElement = 4;

    /// <summary>One replica that loads with the engine's flags.</summary>
    /// <param name="engine">As typed.</param>
    /// <param name="names">The main one first.</param>
    /// <exception cref="ModelLoadException">There is no such model, or its layout does not suit it.</exception>
    public static ModelSpec Of(EngineOptions engine, IReadOnlyList<string> names)
    {
        var config = engine.Model == Simulated ? null : ModelFiles.Resolve(engine.Model, engine.Revision).ReadConfig();
        LayoutValidator.Validate(config, engine);
        return Spec(
            config is null || engine.NumGpuBlocksOverride is not null
                ? engine
                : engine with { KVCacheMemoryBytes = KVCacheBytes(engine, config) }, names);
    }

    private static ModelSpec Spec(EngineOptions engine, IReadOnlyList<string> names) => new(
        names[0],
        Source(engine.Model),
        Replicas: 1,
        Autoscale: null,
        MinAvailable: 1,
        DrainTimeout: TimeSpan.FromMinutes(5),
        Parallelism: new ParallelismSpec(
            false, engine.TensorParallelSize, engine.PipelineParallelSize, engine.DataParallelSize, Math.Max(1, engine.NumExpertShards),
            engine.PipelineLayerPartition?.ToArray(), engine.DistributedExecutorBackend),
        Engine: EngineTexts.Of(engine) is { Count: > 0 } texts ? texts : null,
        Aliases: [.. names.Where(name => name != names[0]).Distinct()],
        // A person waits for it.
        Sim: engine.Model == Simulated ? new SimSpec(LoadSeconds: 0) : null);

    /// <summary>
    /// The process is the model's own, so the cache may take what a server without a grid takes: what the flags or VLLM_CPU_KVCACHE_SPACE
    /// say, else the smaller of 4 GiB and a quarter of free memory, and no more than all requests that may run at once can fill.
    /// </summary>
    private static long KVCacheBytes(EngineOptions engine, ModelConfig config)
    {
        if (engine.KVCacheMemoryBytes is { } given) return given;
        if (double.TryParse(Environment.GetEnvironmentVariable("VLLM_CPU_KVCACHE_SPACE"), CultureInfo.InvariantCulture, out var space)
            && space > 0) return (long)(space * (1L << 30));
        var memory = GC.GetGCMemoryInfo();
        var length = engine.MaxModelLen > 0 ? engine.MaxModelLen.Value : MaxModelLength.Derive(config);
        var usable =
            config.NumHiddenLayers * config.KVElementsPerToken(config.NumKeyValueHeads) * WidestElement * length * engine.MaxNumSeqs;
        var slices = engine.TensorParallelSize * engine.PipelineParallelSize;
        return Math.Min(usable / slices,
            Math.Min(MostKVBytes, (memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes) / 4) / (slices * engine.DataParallelSize));
    }

    private static string Source(string model) => model != Simulated && Path.Exists(model) ? Path.GetFullPath(model) : model;
}
