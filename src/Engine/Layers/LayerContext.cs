using Grid.Engine.Collectives;
using Grid.Engine.Configuration;
using Grid.Engine.Geometry;
using Grid.Engine.Kernels;
using Grid.Engine.Linears;
using Grid.Engine.Weights;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>What layers are built from. It owns the tensors and linears that they create.</summary>
internal sealed class LayerContext : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>The model's shape.</summary>
    public required ModelConfig Config { get; init; }

    /// <summary>Reads the checkpoint.</summary>
    public required WeightLoader Weights { get; init; }

    /// <summary>Operations between linears.</summary>
    public required IKernels Kernels { get; init; }

    /// <summary>Makes linears.</summary>
    public required ILinearFactory Linears { get; init; }

    /// <summary>The part of the model to hold, and links to the shards that hold the rest.</summary>
    public required ShardPlacement Placement { get; init; }

    /// <summary>The part of each layer to hold.</summary>
    public TensorSlice TensorSlice => Placement.TensorSlice;

    /// <summary>The layers to hold.</summary>
    public PipelineStage Stage => Placement.Stage;

    /// <summary>The shards that hold the other parts of the same layers.</summary>
    public ICommunicator TensorGroup => Placement.TensorGroup;

    /// <summary>Type of weights and activations.</summary>
    public required ScalarType Type { get; init; }

    /// <summary>The device of all tensors.</summary>
    public required Device Device { get; init; }

    /// <summary>Disposes a resource together with the model.</summary>
    public T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    /// <summary>Moves a host tensor to the device and disposes it together with the model.</summary>
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
