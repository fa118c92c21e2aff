using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Parallelism.Experts.Links;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Loading;

/// <summary>Expert shards that several attention ranks share. Dispose it after the ranks.</summary>
public sealed class ExpertShards : IDisposable
{
    private ExpertShards(IExpertGroup group) => Group = group;

    internal IExpertGroup Group { get; }

    /// <summary>Loads the experts of a model.</summary>
    /// <param name="options">With <see cref="EngineOptions.EnableExpertParallel"/>.</param>
    /// <param name="logger">Told of moves.</param>
    /// <exception cref="ModelLoadException">The model has no experts, or they cannot be loaded.</exception>
    public static ExpertShards Load(EngineOptions options, ILogger logger)
    {
        var source = ModelSourceReader.Read(options, logger);
        EngineOptionsValidator.Validate(source.Config, options);
        return new ExpertShards(ExpertGroups.Start(source.Config!, source.OpenWeights, options, logger)
            ?? throw Off());
    }

    /// <summary>
    /// Links to experts that stand elsewhere; needs the model's config.json, and no weights. Returns at once: steps wait for shards that
    /// are not there yet.
    /// </summary>
    /// <param name="options">With <see cref="EngineOptions.EnableExpertParallel"/>, as the shards have them.</param>
    /// <param name="remote">Where they are.</param>
    /// <param name="logger">Told of losses and moves.</param>
    /// <exception cref="ModelLoadException">The model has no experts, or not so many.</exception>
    public static ExpertShards Connect(EngineOptions options, RemoteExperts remote, ILogger logger) =>
        options.EnableExpertParallel ? new ExpertShards(ExpertLinks.Create(options, remote, logger)) : throw Off();

    /// <summary>
    /// Tells where shards stand now. One with another endpoint is another incarnation: what the old one has not answered is asked of it.
    /// </summary>
    /// <param name="nodes">One a shard.</param>
    /// <param name="endpoints">One a shard.</param>
    /// <exception cref="InvalidOperationException">The shards are in this process.</exception>
    public void Update(IReadOnlyList<string> nodes, IReadOnlyList<string> endpoints)
    {
        Links.Update(new ExpertPlaces([.. nodes], [.. endpoints]));
    }

    /// <summary>Puts a shard of this process where its endpoint is said to be here; it needs no link.</summary>
    /// <param name="endpoint">One of those that stand in the latest update; another one changes nothing.</param>
    /// <param name="shard">Stays with the caller.</param>
    /// <exception cref="InvalidOperationException">These are no links.</exception>
    public void Attach(string endpoint, ExpertShardHost shard) => Links.Attach(endpoint, shard.Shard);

    /// <summary>Ends the shards, or the links to them.</summary>
    public void Dispose() => Group.Dispose();

    private ExpertLinks Links => Group.Links ?? throw new InvalidOperationException("Expert shards of this process have no endpoints.");

    private static ModelLoadException Off() => new("--enable-expert-parallel is off: there are no expert shards.", ModelLoadFault.Layout);
}
