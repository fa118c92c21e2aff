using Grid.Abstractions.Configuration;
using Grid.Engine.Configuration;
using Grid.Engine.Simulation;
using Grid.Primitives.Options;

namespace Grid.Grains.Placement;

/// <summary>Turns a model's specification into what the engine takes.</summary>
public static class EngineOptionsReader
{
    /// <summary>The key of the model's names, which the routing table has.</summary>
    private const string ServedModelName = "servedModelName";

    /// <summary>Options of one data-parallel rank.</summary>
    /// <param name="devices">The devices of the rank's shards.</param>
    /// <param name="cpuThreads">The threads of a shard on the CPU if the specification does not give them.</param>
    /// <exception cref="ModelLoadException">Keys are unknown or values break their rules; the message lists all of them.</exception>
    public static EngineOptions Read(ModelSpec spec, DeviceList devices, int? cpuThreads)
    {
        var start = new EngineOptions { Model = spec.Source, Devices = devices, CpuThreads = cpuThreads, PrefaultKVCache = true };
        var keys = (spec.Engine ?? []).Where(pair => pair.Key != ServedModelName);
        var (options, faults) = EngineOptionTable.Read(start, keys, $"models.{spec.Name}.engine.");
        return faults.Count == 0 ? options : throw new ModelLoadException(string.Join(Environment.NewLine, faults), ModelLoadFault.Layout);
    }

    /// <summary>Size and speed of a simulated model.</summary>
    public static SimOptions ReadSimulation(SimSpec? sim)
    {
        sim ??= new SimSpec();
        return new SimOptions
        {
            WeightsBytes = sim.WeightsBytes,
            Load = TimeSpan.FromSeconds(sim.LoadSeconds),
            PrefillTokensPerSecond = sim.PrefillTokensPerSecond,
            Step = TimeSpan.FromMilliseconds(sim.StepMilliseconds),
            StepPerSequence = TimeSpan.FromMilliseconds(sim.StepPerSequenceMilliseconds),
            KVTokens = sim.KVTokens,
            MaxModelLen = sim.MaxModelLen,
            Vocab = sim.Vocab,
        };
    }
}
