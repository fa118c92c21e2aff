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

    /// <summary>Reads what is known; an option that cannot be read is ignored here and reported when the model is loaded.</summary>
    /// <param name="files">What the nodes found at its source; null for a simulated model.</param>
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

    /// <summary>What the nodes found at its source; null for a simulated model.</summary>
    public ModelFiles? Files { get; }

    /// <summary>The options that the engine will get, except that all free memory may be used.</summary>
    public EngineOptions Options { get; }

    /// <summary>The share of a GPU's memory that may be used.</summary>
    public double GpuMemoryUtilization { get; }

    /// <summary>The model's shape; null if only its size is known.</summary>
    public ModelProfile? Profile { get; }

    /// <summary>Of one request.</summary>
    public int MaxModelLen { get; }

    /// <summary>The longest request that a rank will take, as far as it is known before one is loaded; null if it is unknown.</summary>
    /// <param name="files">What the nodes found at its source; null if nothing yet.</param>
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

    // Null also if the model cannot have that length: loading it reports why.
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
