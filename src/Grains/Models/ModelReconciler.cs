using Grid.Abstractions.Configuration;
using Grid.Abstractions.Models;
using Grid.Abstractions.Replicas;

namespace Grid.Grains.Models;

/// <summary>Which replicas of a model are to exist, from all that is known of it. Remembers nothing but the autoscaler's windows.</summary>
internal sealed class ModelReconciler
{
    private AutoscaleState? _autoscale;

    /// <summary>Decides; deciding again on the same observation at the same time changes nothing.</summary>
    public ModelWish Reconcile(ModelObservation seen, DateTimeOffset now)
    {
        var desired = Desired(seen, now);
        var wishes = new ReplicaSetPlanner(seen, desired, now);
        if (seen.Spec is not null && seen.Revision is not null)
        {
            wishes.Return();
            wishes.Add();
        }

        wishes.Retire();
        wishes.Shrink();
        wishes.Finish();
        var (state, reason, message) = ModelHealth.Of(seen, desired);
        return new ModelWish(seen.Model, seen.Sequence, desired, state, reason, message, wishes.ToArray());
    }

    private int Desired(ModelObservation seen, DateTimeOffset now)
    {
        if (seen.Spec is not { } spec)
        {
            _autoscale = null;
            return 0;
        }

        if (seen.ScaleOverride is { } fixedByHand) return fixedByHand;
        if (spec.Autoscale is not { } autoscale) return spec.Replicas ?? 1;
        _autoscale ??= Autoscaler.Start(autoscale, seen.Replicas.Count(r => r.Target == ReplicaTarget.Serve && !r.Evacuate), now);
        _autoscale = Autoscaler.Next(autoscale, _autoscale, seen.Load, seen.Replicas.Count(IsReady), now);
        return _autoscale.Desired;
    }

    internal static bool IsReady(ReplicaObservation replica) => replica is { Target: ReplicaTarget.Serve, State: ReplicaState.Ready };
}
