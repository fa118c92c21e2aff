using System.Text.Json.Serialization;

namespace Grid.Primitives.Options;

/// <summary>What computes a step (<c>--runner</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunnerKind>))]
public enum RunnerKind
{
    /// <summary>The fastest runner that this build has for the device.</summary>
    Auto,

    /// <summary>The fast runner.</summary>
    Fast,

    /// <summary>The plain reference runner over TorchSharp.</summary>
    Eager,

    /// <summary>The simulation.</summary>
    Sim,
}

/// <summary>The type of activations and KV cache (<c>--dtype</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ModelDType>))]
public enum ModelDType
{
    /// <summary>The checkpoint's type.</summary>
    Auto,

    /// <summary>32 bits.</summary>
    Float32,

    /// <summary>16 bits with the exponent of 32.</summary>
    BFloat16,

    /// <summary>16 bits.</summary>
    Float16,
}

/// <summary>Where weights come from (<c>--load-format</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LoadFormat>))]
public enum LoadFormat
{
    /// <summary>The model's files.</summary>
    Auto,

    /// <summary>Random weights of the shapes that config.json gives.</summary>
    Dummy,
}

/// <summary>How weights are quantized at load (<c>--quantization</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WeightQuantization>))]
public enum WeightQuantization
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>To 8-bit integers.</summary>
    Int8,

    /// <summary>To 8-bit floats.</summary>
    Fp8,
}

/// <summary>The order in which requests are scheduled (<c>--scheduling-policy</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SchedulingPolicy>))]
public enum SchedulingPolicy
{
    /// <summary>First come, first served.</summary>
    Fcfs,

    /// <summary>The lowest priority number first, then the first come.</summary>
    Priority,
}

/// <summary>How experts are assigned to expert shards (<c>--expert-placement-strategy</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ExpertPlacementStrategy>))]
public enum ExpertPlacementStrategy
{
    /// <summary>Consecutive experts on the same shard.</summary>
    Linear,

    /// <summary>Consecutive experts on consecutive shards.</summary>
    RoundRobin,
}

/// <summary>What runs the shards of a rank (<c>--distributed-executor-backend</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ExecutorBackend>))]
public enum ExecutorBackend
{
    /// <summary>Threads of one process.</summary>
    InProcess,

    /// <summary>A process for each shard.</summary>
    Process,

    /// <summary>The nodes of a grid.</summary>
    Grid,
}
