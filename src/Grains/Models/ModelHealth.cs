using Grid.Abstractions.Models;
using Grid.Abstractions.Replicas;

namespace Grid.Grains.Models;

/// <summary>The one word that says how a model is.</summary>
internal static class ModelHealth
{
    /// <summary>Ready, Progressing, Degraded, ScaledToZero or Failed, with why.</summary>
    public static (string State, string? Reason, string? Message) Of(ModelObservation seen, int desired)
    {
        if (seen.Spec is null) return ("Progressing", "Deleting", $"{seen.Replicas.Length} replicas left");
        var ready = seen.Replicas.Count(ModelReconciler.IsReady);
        var failed = seen.Replicas.FirstOrDefault(r => r.State == ReplicaState.Failed);
        if (desired == 0 && seen.Replicas.Length == 0) return ("ScaledToZero", null, null);
        if (seen.FilesFault is { } fault && ready == 0) return ("Failed", "FilesUnusable", fault);
        if (seen.Revision is null) return ("Progressing", "FilesUnknown", $"no node has reported the files of {seen.Spec.Source}");
        var settled = seen.Replicas.Count(r => ModelReconciler.IsReady(r) && r.Revision == seen.Revision && !r.Evacuate);
        if (settled == desired && seen.Replicas.Length == desired) return ("Ready", null, null);
        var (reason, message) = seen.PlacementFailure is { } failure ? ("NoPlace", failure)
            : failed is not null ? (failed.Reason ?? "ReplicaFailed", $"{new ReplicaId(seen.Model, failed.Index)} failed")
            : ((string?)null, $"{settled} of {desired} replicas ready");
        if (ready == 0 && desired > 0 && (failed is not null || seen.PlacementFailure is not null)) return ("Failed", reason, message);
        return ready < Math.Min(seen.Spec.MinAvailable, desired) && (failed is not null || seen.PlacementFailure is not null)
            ? ("Degraded", reason, message)
            : ("Progressing", reason, message);
    }
}
