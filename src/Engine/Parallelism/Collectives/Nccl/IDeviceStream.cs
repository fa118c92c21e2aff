using TorchSharp;

namespace Grid.Engine.Parallelism.Collectives.Nccl;

/// <summary>The stream of one device that a rank computes on.</summary>
internal interface IDeviceStream
{
    /// <summary>Where the rank's tensors have to be.</summary>
    DeviceType Type { get; }

    /// <summary>The calling thread's current stream.</summary>
    nint Handle { get; }

    /// <summary>Makes the device the calling thread's own.</summary>
    void Activate();

    /// <summary>Whether everything put on the stream is done.</summary>
    /// <exception cref="InvalidOperationException">The device failed.</exception>
    bool IsIdle(nint stream);
}
