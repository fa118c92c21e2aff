using System.Runtime.Intrinsics.X86;
using Grid.Engine.Models;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace Grid.Engine.Execution;

/// <summary>Chooses the type of weights, activations and KV cache.</summary>
internal static class RunnerType
{
    /// <summary><c>--dtype</c>; what the CPU has no fast arithmetic for becomes float32, which is logged.</summary>
    /// <exception cref="ModelLoadException">There is no such type.</exception>
    public static ScalarType Choose(string dtype, ModelConfig config, Device device, ILogger logger)
    {
        var name = dtype == "auto" ? config.DType ?? "float32" : dtype;
        var type = name switch
        {
            "float32" or "float" => ScalarType.Float32,
            "bfloat16" => ScalarType.BFloat16,
            "float16" or "half" => ScalarType.Float16,
            _ => throw new ModelLoadException($"--dtype must be auto, float32, bfloat16 or float16 and is {name}.", ModelLoadFault.Layout),
        };
        if (device.type != DeviceType.CPU || type == ScalarType.Float32 || (type == ScalarType.BFloat16 && Avx512BW.IsSupported)) return type;
        logger.LogInformation("dtype {Asked} is slow on this CPU: using float32.", name);
        return ScalarType.Float32;
    }
}
