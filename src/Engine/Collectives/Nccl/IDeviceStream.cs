using TorchSharp;

namespace Grid.Engine.Collectives.Nccl;

/// <summary>The stream of one device on which a member of a group computes.</summary>
internal interface IDeviceStream
{
    /// <summary>The type of device on which the member's tensors must be.</summary>
    DeviceType Type { get; }

    /// <summary>The calling thread's current stream.</summary>
    nint Handle { get; }

    /// <summary>Makes the device the calling thread's current one.</summary>
    void Activate();

    /// <summary>Whether all work on the stream is complete.</summary>
    /// <exception cref="InvalidOperationException">The device failed.</exception>
    bool IsIdle(nint stream);
}
