using Grid.Engine.Configuration;
using Grid.Primitives.Ids;

namespace Grid.Engine.Devices;

/// <summary>What a model takes of a device's memory.</summary>
public static class ModelMemory
{
    /// <summary>Bytes of one weight, key or value: 4 where the CPU has no fast arithmetic for a 16-bit type.</summary>
    /// <param name="device">The device that computes.</param>
    /// <param name="dtype">The type that is asked for.</param>
    public static int ElementBytes(ModelConfig config, DeviceKind device, ModelDType dtype = ModelDType.Auto)
    {
        var name = RunnerType.NameOf(dtype, config);
        return name == "float32" || (device == DeviceKind.Cpu && !RunnerType.IsFastOnCpu(name)) ? 4 : 2;
    }

    /// <summary>Bytes of keys and values of one token, all layers.</summary>
    public static long KVBytesPerToken(ModelConfig config, DeviceKind device) =>
        config.NumHiddenLayers * config.KVElementsPerToken(config.NumKeyValueHeads) * ElementBytes(config, device);
}
