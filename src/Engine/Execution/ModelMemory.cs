using Grid.Engine.Configuration;

namespace Grid.Engine.Execution;

/// <summary>What a model takes of a device's memory.</summary>
public static class ModelMemory
{
    private const string Auto = "auto";

    /// <summary>Bytes of one weight, key or value with <c>--dtype auto</c>: 4 where the CPU has no fast arithmetic for the checkpoint's type.</summary>
    /// <param name="config">The model.</param>
    /// <param name="deviceKind">cpu, cuda or sim.</param>
    public static int ElementBytes(ModelConfig config, string deviceKind)
    {
        var name = RunnerType.NameOf(Auto, config);
        return name == "float32" || (deviceKind == "cpu" && !RunnerType.IsFastOnCpu(name)) ? 4 : 2;
    }

    /// <summary>Bytes of keys and values of one token, all layers.</summary>
    public static long KVBytesPerToken(ModelConfig config, string deviceKind) =>
        config.NumHiddenLayers * config.KVElementsPerToken(config.NumKeyValueHeads) * ElementBytes(config, deviceKind);
}
