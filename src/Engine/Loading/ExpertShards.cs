using Grid.Engine.Parallelism.Experts;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Loading;

/// <summary>Expert shards that several attention ranks share. Dispose it after the ranks.</summary>
public sealed class ExpertShards : IDisposable
{
    private ExpertShards(ExpertGroup group) => Group = group;

    internal ExpertGroup Group { get; }

    /// <summary>Loads the experts of a model.</summary>
    /// <param name="options">With <see cref="EngineOptions.EnableExpertParallel"/>.</param>
    /// <param name="logger">Told of moves.</param>
    /// <exception cref="ModelLoadException">The model has no experts, or they cannot be loaded.</exception>
    public static ExpertShards Load(EngineOptions options, ILogger logger)
    {
        var source = ModelSourceReader.Read(options, logger);
        LayoutValidator.Validate(source.Config, options);
        return new ExpertShards(ExpertGroup.Start(source.Config!, options.LoadFormat == "dummy" ? null : source.OpenWeights, options, logger)
            ?? throw new ModelLoadException("--enable-expert-parallel is off: there are no expert shards to load.", ModelLoadFault.Layout));
    }

    /// <summary>Ends the shards.</summary>
    public void Dispose() => Group.Dispose();
}
