using System.Runtime.Intrinsics.X86;
using Grid.Engine.Configuration;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace Grid.Engine.Devices;

/// <summary>Chooses the type of weights, activations and KV cache.</summary>
internal static class RunnerType
{
    /// <summary><c>--dtype</c>; what the CPU has no fast arithmetic for becomes float32, which is logged.</summary>
    /// <exception cref="ModelLoadException">There is no such type.</exception>
    public static ScalarType Choose(ModelDType dtype, ModelConfig config, Device device, ILogger logger)
    {
        var name = NameOf(dtype, config);
        var type = name switch
        {
            "float32" or "float" => ScalarType.Float32,
            "bfloat16" => ScalarType.BFloat16,
            "float16" or "half" => ScalarType.Float16,
            _ => throw new ModelLoadException($"--dtype must be auto, float32, bfloat16 or float16; got '{name}'.", ModelLoadFault.Layout),
        };
        if (device.type != DeviceType.CPU || type == ScalarType.Float32 || IsFastOnCpu(name)) return type;
        logger.SlowType(name);
        return ScalarType.Float32;
    }

    /// <summary>The name of the type that is asked for, before the device has its say.</summary>
    public static string NameOf(ModelDType dtype, ModelConfig config) =>
        dtype == ModelDType.Auto ? config.DType ?? "float32" : EngineChoices.DTypes.NameOf(dtype);

    /// <summary>Whether this CPU computes in a 16-bit type.</summary>
    public static bool IsFastOnCpu(string name) => name == "bfloat16" && Avx512BW.IsSupported;
}
