using System.Text.Json;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Engine.Configuration;
using Grid.Engine.Planning;
using Grid.Primitives.Options;

namespace Grid.Grains.Placement;

/// <summary>How large a model is: its options, and what nodes found at its source.</summary>
internal sealed class ModelSize
{
    private const int Float32Bytes = 4;

    /// <summary>Reads what there is; an option that cannot be read counts as not given, and is the loader's fault to tell.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="files">What the nodes found; null for sim.</param>
    public ModelSize(ModelSpec spec, ModelFiles? files)
    {
        (Spec, Files) = (spec, files);
        var options = ReadOptions(spec);
        GpuMemoryUtilization = options.GpuMemoryUtilization;
        Options = options with { GpuMemoryUtilization = 1 };
        Profile = ReadProfile(files, Options);
        MaxModelLen = Options.MaxModelLen is > 0 and var length ? length : files?.MaxModelLen ?? 0;
    }

    /// <summary>The model.</summary>
    public ModelSpec Spec { get; }

    /// <summary>What the nodes found; null for sim.</summary>
    public ModelFiles? Files { get; }

    /// <summary>As the engine will get them, but that all that is free may be used.</summary>
    public EngineOptions Options { get; }

    /// <summary>Share of a GPU's memory to use.</summary>
    public double GpuMemoryUtilization { get; }

    /// <summary>The model's shape; null: only bytes are known.</summary>
    public ModelProfile? Profile { get; }

    /// <summary>Of one request.</summary>
    public int MaxModelLen { get; }

    /// <summary>The longest request that a rank will take, as far as it is known before one is loaded; null: it is not.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="files">What the nodes found; null: nothing yet.</param>
    public static int? LongestOf(ModelSpec spec, ModelFiles? files) => ReadOptions(spec).MaxModelLen is > 0 and var asked ? asked
        : files is { MaxModelLen: > 0 and var derived } ? derived
        : SimulatedModel.Is(spec.Source) ? (spec.Sim ?? new SimSpec()).MaxModelLen
        : null;

    private static EngineOptions ReadOptions(ModelSpec spec)
    {
        try
        {
            return EngineOptionsReader.Read(spec, DeviceList.Cpu, null);
        }
        catch (ModelLoadException)
        {
            return new EngineOptions { Model = spec.Source };
        }
    }

    // Null too where the length is none that the model can have: its load tells why.
    private static ModelProfile? ReadProfile(ModelFiles? files, EngineOptions options)
    {
        if (files?.Profile is not { } json) return null;
        try
        {
            var profile = ModelProfile.FromJson(json);
            MaxModelLength.Resolve(profile.Config, options.MaxModelLen);
            return options.DType == ModelDType.Float32 ? profile with { ElementBytes = Float32Bytes } : profile;
        }
        catch (Exception e) when (e is JsonException or ModelLoadException)
        {
            return null;
        }
    }
}
