using Grid.Abstractions.Grains;
using Grid.Abstractions.Models;
using Grid.Abstractions.Replicas;
using Grid.Grains.Shards;
using Grid.Grains.Store;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Control;

/// <summary>Calls that the controller decided on. None is waited for: the answer comes back as an event, and the controller repeats what has none.</summary>
/// <param name="grains">Finds the grains.</param>
/// <param name="post">Takes the answers.</param>
/// <param name="timeProvider">Bounds the calls.</param>
/// <param name="logger">Told of calls without an answer.</param>
internal sealed class GridCalls(IGrainFactory grains, Action<GridEvent> post, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Starts a call.</summary>
    public void Start(GridDecision decision) => _ = decision switch
    {
        GridDecision.AskModel(var observation) => Guard(AskAsync(observation), observation.Model),
        GridDecision.DirectReplica(var directive) => Guard(DirectAsync(directive), directive.Plan.Id.ToString()),
        GridDecision.DirectShard(var node, var directive) => Guard(DirectAsync(node, directive), $"{directive.Plan.Id}/{directive.Shard}"),
        _ => throw new ArgumentException($"{decision.GetType().Name} is no call.", nameof(decision)),
    };

    private async Task AskAsync(ModelObservation observation) =>
        post(new GridEvent.ModelWished(await Bound(grains.GetGrain<IModelGrain>(observation.Model).Reconcile(observation))));

    private async Task DirectAsync(ReplicaDirective directive) =>
        post(new GridEvent.ReplicaReported(await Bound(grains.GetGrain<IReplicaGrain>(directive.Plan.Id.ToString()).Apply(directive))));

    private async Task DirectAsync(string node, ShardDirective directive) =>
        post(new GridEvent.ShardAnswered(node, directive, await Bound(grains.GetShard(directive).Apply(directive))));

    private Task<T> Bound<T>(Task<T> call) => call.WaitAsync(GridTimes.Resend, timeProvider);

    private async Task Guard(Task call, string whom)
    {
        try
        {
            await call;
        }
        catch (Exception e)
        {
            logger.LogDebug(e, "{Whom} did not answer", whom);
        }
    }
}
