using Grid.Abstractions.Configuration;
using Grid.Engine.Configuration;
using Grid.Engine.Loading;
using Grid.Engine.Models.Files;
using Grid.Engine.Validation;
using Grid.Primitives.Options;

namespace Grid.Cli.Serve;

/// <summary>The one model of <c>grid serve</c> as a model of a grid.</summary>
internal static class ServedModelSpec
{
    /// <summary>One replica that loads with the engine's flags.</summary>
    /// <param name="engine">The options as typed, with the node's devices.</param>
    /// <param name="names">The main one first.</param>
    /// <exception cref="ModelLoadException">There is no such model, or its layout does not suit it.</exception>
    public static ModelSpec Of(EngineOptions engine, IReadOnlyList<string> names)
    {
        var config = SimulatedModel.Is(engine.Model) ? null : ModelFiles.Resolve(engine.Model, engine.Revision).ReadConfig();
        EngineOptionsValidator.Validate(config, engine);
        // The model has the machine to itself, so its KV cache takes what a server without a grid takes. On a GPU it is what the model
        // leaves.
        var isSized = config is not null && engine is { NumGpuBlocksOverride: null, Devices.Kind: DeviceKind.Cpu };
        return Spec(isSized ? engine with { KVCacheMemoryBytes = HostKVCache.BytesPerShard(config!, engine) } : engine, names);
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
        Engine: EngineOptionTable.Write(engine) is { Count: > 0 } texts ? texts : null,
        Aliases: [.. names.Where(name => name != names[0]).Distinct()],
        // A person waits for it.
        Sim: SimulatedModel.Is(engine.Model) ? new SimSpec(LoadSeconds: 0) : null);

    private static string Source(string model) => !SimulatedModel.Is(model) && Path.Exists(model) ? Path.GetFullPath(model) : model;
}
