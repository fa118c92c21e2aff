using Grid.Abstractions.Events;
using Grid.Abstractions.Models;
using Grid.Abstractions.Replicas;
using Grid.Primitives.Units;

namespace Grid.Grains.Models;

/// <summary>The state of a model in one word.</summary>
internal static class ModelHealth
{
    /// <summary>The state of a model, and the reason for it.</summary>
    public static (ModelState State, string? Reason, string? Message) Of(ModelObservation seen, int desired)
    {
        if (seen.Spec is null)
            return (ModelState.Progressing, EventReasons.Deleting, $"{Plural.Count(seen.Replicas.Length, "replica")} left");
        var ready = seen.Replicas.Count(r => r.IsReady);
        var failed = seen.Replicas.FirstOrDefault(r => r.State == ReplicaState.Failed);
        if (desired == 0 && seen.Replicas.Length == 0) return (ModelState.ScaledToZero, null, null);
        if (seen.FilesFault is { } fault && ready == 0) return (ModelState.Failed, EventReasons.InvalidModelFiles, fault);
        if (seen.Revision is null)
            return (ModelState.Progressing, EventReasons.ModelFilesUnknown, $"no node has reported the files of {seen.Spec.Source}");
        var settled = seen.Replicas.Count(r => r.IsReady && r.Revision == seen.Revision && !r.Draining);
        if (settled == desired && seen.Replicas.Length == desired) return (ModelState.Ready, null, null);
        var (reason, message) = seen.PlacementFailure is { } failure ? (EventReasons.Unschedulable, failure)
            : failed is not null ? (failed.Reason ?? EventReasons.ReplicaFailed, $"{new ReplicaId(seen.Model, failed.Index)} failed")
            : ((string?)null, $"{settled} of {desired} replicas ready");
        if (ready == 0 && desired > 0 && (failed is not null || seen.PlacementFailure is not null))
            return (ModelState.Failed, reason, message);
        return ready < Math.Min(seen.Spec.MinAvailable, desired) && (failed is not null || seen.PlacementFailure is not null)
            ? (ModelState.Degraded, reason, message)
            : (ModelState.Progressing, reason, message);
    }
}
