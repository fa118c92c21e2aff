using Grid.Engine.Configuration;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Parallelism.Experts.Remote;
using Grid.Engine.Parallelism.Processes;
using Grid.Engine.Validation;
using Grid.Engine.Weights;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Loading;

/// <summary>Expert shards that several attention ranks share. To be disposed after the ranks.</summary>
public sealed class ExpertShards : IDisposable
{
    private ExpertShards(IExpertGroup group) => Group = group;

    internal IExpertGroup Group { get; }

    /// <summary>Loads the experts of a model on this host.</summary>
    /// <param name="options">The options, with <see cref="EngineOptions.EnableExpertParallel"/>.</param>
    /// <param name="logger">Logs losses of shards and moves of experts.</param>
    /// <exception cref="ModelLoadException">The model has no experts, or they cannot be loaded.</exception>
    public static ExpertShards Load(EngineOptions options, ILogger logger)
    {
        var source = ModelSourceReader.Read(options, logger);
        EngineOptionsValidator.Validate(source.Config, options);
        return Start(source.Config!, source.OpenWeights, options, logger, TimeProvider.System) is { } group
            ? new ExpertShards(group)
            : throw Off();
    }

    /// <summary>
    /// Connects to experts in other processes. It needs the model's config.json and no weights. Returns at once: steps wait for shards that
    /// are not reachable yet.
    /// </summary>
    /// <param name="options">The options of the shards, with <see cref="EngineOptions.EnableExpertParallel"/>.</param>
    /// <param name="remote">Where the shards are.</param>
    /// <param name="logger">Logs losses of shards and moves of experts.</param>
    /// <param name="time">The clock that waits follow; null: the system's.</param>
    /// <exception cref="ModelLoadException">The model has no experts, or fewer than there are shards.</exception>
    public static ExpertShards Connect(EngineOptions options, RemoteExperts remote, ILogger logger, TimeProvider? time = null) =>
        options.EnableExpertParallel ? new ExpertShards(RemoteExpertGroup.Create(options, remote, logger, time)) : throw Off();

    /// <summary>
    /// Sets where the shards are now. A shard with another endpoint is another incarnation: calls that the old one has not answered go to
    /// it.
    /// </summary>
    /// <param name="nodes">The shards' nodes in the order of their numbers.</param>
    /// <param name="endpoints">The shards' addresses in the order of their numbers.</param>
    /// <exception cref="InvalidOperationException">The shards are in this process.</exception>
    public void Update(IReadOnlyList<string> nodes, IReadOnlyList<string> endpoints) =>
        Remote.Update(new ExpertEndpoints([.. nodes], [.. endpoints]));

    /// <summary>Uses a shard of this process without a link, where its endpoint is one of the current ones.</summary>
    /// <param name="endpoint">The endpoint of the shard; one that is not current changes nothing.</param>
    /// <param name="shard">The shard, which stays with the caller.</param>
    /// <exception cref="InvalidOperationException">The shards are in this process.</exception>
    public void Attach(string endpoint, ExpertShardHost shard) => Remote.Attach(endpoint, shard.Shard);

    /// <summary>Ends the shards, or the links to them.</summary>
    public void Dispose() => Group.Dispose();

    /// <summary>
    /// Starts expert shards on this host, as threads or as processes (<c>--distributed-executor-backend</c>). Null if the options have
    /// none.
    /// </summary>
    internal static IExpertGroup? Start(
        ModelConfig config, Func<IWeightSource>? openWeights, EngineOptions options, ILogger logger, TimeProvider time) =>
        options.NumExpertShards > 0 && options.DistributedExecutorBackend == ExecutorBackend.Process
            ? ExpertProcessGroup.Start(options, logger, time)
            : LocalExpertGroup.Start(config, options.LoadFormat == LoadFormat.Dummy ? null : openWeights, options, logger, time);

    private RemoteExpertGroup Remote =>
        Group as RemoteExpertGroup ?? throw new InvalidOperationException("Expert shards of this process have no endpoints.");

    private static ModelLoadException Off() => new("--enable-expert-parallel is off: there are no expert shards.", ModelLoadFault.Layout);
}
