using Grid.Abstractions.Grains;
using Grid.Abstractions.Models;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Control;

/// <summary>
/// Calls that the controller decided on. None is awaited: the answer comes back as an event, and the controller repeats calls without one.
/// </summary>
/// <param name="grains">Finds grains by their keys.</param>
/// <param name="post">Receives the answers.</param>
/// <param name="timeProvider">The clock of the calls' time limits.</param>
/// <param name="logger">Records calls without an answer.</param>
internal sealed class GridCalls(IGrainFactory grains, Action<GridEvent> post, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Starts a call.</summary>
    public void Start(GridDecision decision) => _ = decision switch
    {
        GridDecision.ObserveLoad(var observation) => ObserveAsync(observation),
        GridDecision.DirectReplica(var directive) => DirectAsync(directive),
        _ => throw new ArgumentException($"The decision must be a call; got {decision.GetType().Name}.", nameof(decision)),
    };

    private async Task ObserveAsync(ScaleObservation observation)
    {
        try
        {
            post(new GridEvent.ScaleRecommended(await Bound(grains.GetGrain<IModelGrain>(observation.Model).Observe(observation))));
        }
        catch (Exception e)
        {
            logger.NoAnswer(e, observation.Model);
        }
    }

    private async Task DirectAsync(ReplicaDirective directive)
    {
        try
        {
            post(new GridEvent.ReplicaReported(await Bound(grains.GetGrain<IReplicaGrain>(directive.Replica.ToString()).Apply(directive))));
        }
        catch (Exception e)
        {
            logger.NoAnswer(e, directive.Replica);
        }
    }

    private Task<T> Bound<T>(Task<T> call) => call.WaitAsync(GridTimes.ResendInterval, timeProvider);
}
