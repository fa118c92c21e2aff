using Grid.Engine.Configuration;
using Grid.Engine.Kernels;
using Grid.Engine.Linears;
using Grid.Engine.Parallelism;
using Grid.Engine.Parallelism.Collectives;
using Grid.Engine.Weights;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>What layers are built from. It owns what they make.</summary>
internal sealed class LayerContext : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>The model's shape.</summary>
    public required ModelConfig Config { get; init; }

    /// <summary>The checkpoint.</summary>
    public required WeightLoader Weights { get; init; }

    /// <summary>What is done between linears.</summary>
    public required IKernels Kernels { get; init; }

    /// <summary>Makes linears.</summary>
    public required ILinearFactory Linears { get; init; }

    /// <summary>What to hold of the model, and the links to who holds the rest.</summary>
    public required ShardPlacement Placement { get; init; }

    /// <summary>The part of each layer to hold.</summary>
    public Shard Shard => Placement.Shard;

    /// <summary>The layers to hold.</summary>
    public PipelineStage Stage => Placement.Stage;

    /// <summary>The shards that hold the other parts of the same layers.</summary>
    public ICommunicator TensorGroup => Placement.TensorGroup;

    /// <summary>Type of weights and activations.</summary>
    public required ScalarType Type { get; init; }

    /// <summary>Where tensors lie.</summary>
    public required Device Device { get; init; }

    /// <summary>Keeps something until the model is disposed.</summary>
    public T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    /// <summary>Puts a host tensor on the device and keeps it.</summary>
    public Tensor Place(Tensor host)
    {
        if (Device.type == TorchSharp.DeviceType.CPU) return Own(host);
        using (host) return Own(host.to(Device));
    }

    public void Dispose()
    {
        foreach (var resource in _owned) resource.Dispose();
        _owned.Clear();
    }
}
