using System.Text.Json.Serialization;

namespace Grid.Primitives.Ids;

/// <summary>What computes on a device.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeviceKind>))]
public enum DeviceKind
{
    /// <summary>The processor and main memory.</summary>
    [JsonStringEnumMemberName("cpu")]
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    [JsonStringEnumMemberName("cuda")]
    Cuda,

    /// <summary>Nothing: a device that is only accounted for, whose models are simulated.</summary>
    [JsonStringEnumMemberName("sim")]
    Sim,
}
