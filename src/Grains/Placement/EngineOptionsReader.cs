using System.Globalization;
using Grid.Abstractions.Configuration;
using Grid.Engine;
using Grid.Engine.Simulation;
using Grid.Primitives.Units;

namespace Grid.Grains.Placement;

/// <summary>Turns a model's specification into what the engine takes.</summary>
public static class EngineOptionsReader
{
    private const int LongestThatFits = -1;

    private static readonly Dictionary<string, Func<EngineOptions, string, EngineOptions>> Keys = new(StringComparer.Ordinal)
    {
        ["dtype"] = (o, v) => o with { DType = v },
        ["maxModelLen"] = (o, v) => o with { MaxModelLen = Tokens(v) },
        ["tokenizer"] = (o, v) => o with { Tokenizer = v },
        ["revision"] = (o, v) => o with { Revision = v },
        ["loadFormat"] = (o, v) => o with { LoadFormat = v },
        ["seed"] = (o, v) => o with { Seed = long.Parse(v, CultureInfo.InvariantCulture) },
        ["quantization"] = (o, v) => o with { Quantization = v },
        ["chatTemplate"] = (o, v) => o with { ChatTemplate = v },
        ["generationConfig"] = (o, v) => o with { GenerationConfig = v },
        ["maxNumSeqs"] = (o, v) => o with { MaxNumSeqs = Int(v) },
        ["maxNumBatchedTokens"] = (o, v) => o with { MaxNumBatchedTokens = Int(v) },
        ["blockSize"] = (o, v) => o with { BlockSize = Int(v) },
        ["enablePrefixCaching"] = (o, v) => o with { EnablePrefixCaching = bool.Parse(v) },
        ["enableChunkedPrefill"] = (o, v) => o with { EnableChunkedPrefill = bool.Parse(v) },
        ["schedulingPolicy"] = (o, v) => o with { SchedulingPolicy = v },
        ["maxNumQueuedReqs"] = (o, v) => o with { MaxNumQueuedReqs = Int(v) },
        ["maxLogprobs"] = (o, v) => o with { MaxLogprobs = Int(v) },
        ["gpuMemoryUtilization"] = (o, v) => o with { GpuMemoryUtilization = double.Parse(v, CultureInfo.InvariantCulture) },
        ["numGpuBlocksOverride"] = (o, v) => o with { NumGpuBlocksOverride = Int(v) },
        ["kvCacheMemoryBytes"] = (o, v) => o with { KVCacheMemoryBytes = Bytes(v) },
        ["batchInvariant"] = (o, v) => o with { BatchInvariant = bool.Parse(v) },
        ["runner"] = (o, v) => o with { Runner = v },
        ["cpuThreads"] = (o, v) => o with { CpuThreads = Int(v) },
        ["enableExpertParallel"] = (o, v) => o with { EnableExpertParallel = bool.Parse(v) },
        ["expertPlacementStrategy"] = (o, v) => o with { ExpertPlacementStrategy = v },
        ["enableEplb"] = (o, v) => o with { EnableEplb = bool.Parse(v) },
        ["eplbConfig"] = (o, v) => o with { Eplb = EplbOptions.Parse(v) },
        ["collectiveTimeout"] = (o, v) => o with { CollectiveTimeout = Time(v) },
        // Names are the routing table's business.
        ["servedModelName"] = (o, _) => o,
    };

    /// <summary>Options of one data-parallel rank.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="device">cpu, cuda:N or sim:N.</param>
    /// <param name="cpuThreads">Of the node, where the specification says nothing.</param>
    /// <exception cref="ModelLoadException">A key is not known, or its value is none.</exception>
    public static EngineOptions Read(ModelSpec spec, string device, int? cpuThreads)
    {
        var options = new EngineOptions { Model = spec.Source, Device = device, CpuThreads = cpuThreads, PrefaultKVCache = true };
        foreach (var (key, value) in spec.Engine ?? [])
        {
            if (!Keys.TryGetValue(key, out var set)) throw Fault($"models.{spec.Name}.engine.{key} is not known. Known: {string.Join(", ", Keys.Keys.Order(StringComparer.Ordinal))}.");
            try
            {
                options = set(options, value);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                throw Fault($"models.{spec.Name}.engine.{key} is '{value}': {e.Message}");
            }
        }

        return options;
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

    private static int Int(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static int Tokens(string text) => text == "auto" ? LongestThatFits
        : text.EndsWith('k') || text.EndsWith('K') ? checked((int)(decimal.Parse(text[..^1], CultureInfo.InvariantCulture) * 1024))
        : Int(text);

    private static TimeSpan Time(string text) => Duration.TryParse(text, out var time) ? time : throw new FormatException($"It must be {Duration.Rule}.");

    private static long Bytes(string text) => ByteSize.TryParse(text, out var bytes) ? bytes : throw new FormatException($"It must be {ByteSize.Rule}.");

    private static ModelLoadException Fault(string message) => new(message, ModelLoadFault.Layout);
}
