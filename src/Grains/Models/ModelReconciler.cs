using Grid.Grains.Records;

namespace Grid.Grains.Models;

/// <summary>Which replicas of a model are to exist, as a pure function of all that is known of it.</summary>
internal static class ModelReconciler
{
    /// <summary>Decides; deciding again on the same observation at the same time changes nothing.</summary>
    public static ModelDecision Reconcile(ModelObservation seen, DateTimeOffset now)
    {
        var desired = Desired(seen);
        var planner = new ReplicaSetPlanner(seen, desired, now);
        if (seen.Spec is not null && seen.Revision is not null)
        {
            planner.Restore();
            planner.Add();
        }

        planner.Replace();
        planner.ScaleDown();
        planner.Finish();
        var (state, reason, message) = ModelHealth.Of(seen, desired);
        return new ModelDecision(desired, state, reason, message, planner.ToArray());
    }

    private static int Desired(ModelObservation seen)
    {
        if (seen.Spec is not { } spec) return 0;
        if (seen.ScaleOverride is { } byHand) return byHand;
        if (spec.Autoscale is not { } autoscale) return spec.Replicas ?? 1;
        var serving = seen.Replicas.Count(r => r is { Target: Abstractions.Replicas.ReplicaTarget.Serve, Draining: false });
        return Math.Clamp(seen.Recommended ?? serving, autoscale.Min, autoscale.Max);
    }
}
