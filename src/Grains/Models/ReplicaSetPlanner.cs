using Grid.Abstractions.Configuration;
using Grid.Abstractions.Models;
using Grid.Abstractions.Replicas;

namespace Grid.Grains.Models;

/// <summary>The wishes of one reconciliation: what was wanted before, changed step by step.</summary>
internal sealed class ReplicaSetPlanner
{
    private readonly ModelObservation _seen;
    private readonly int _desired;
    private readonly DateTimeOffset _now;
    private readonly SortedDictionary<int, ReplicaWish> _wishes = [];
    private int _ready;

    /// <summary>Starts with what was last wanted.</summary>
    public ReplicaSetPlanner(ModelObservation seen, int desired, DateTimeOffset now)
    {
        _seen = seen;
        _desired = desired;
        _now = now;
        _ready = seen.Replicas.Count(ModelReconciler.IsReady);
        foreach (var replica in seen.Replicas) _wishes.Add(replica.Index, new ReplicaWish(replica.Index, replica.Epoch, replica.Revision, replica.Target, replica.HandOverAt));
    }

    /// <summary>Ready replicas that are kept: while new ones can still come first, all that are wanted; else minAvailable.</summary>
    private int Floor => _seen.Spec is not { } spec ? 0
        : Surge(spec) > 0 && _seen.PlacementFailure is null && _seen.Revision is not null ? Math.Max(_desired, Least)
        : Least;

    private int Least => Math.Min(_seen.Spec?.MinAvailable ?? 0, _desired);

    // Where not one replica may be missing, a rollout without surge could never begin.
    private int Surge(ModelSpec spec) => spec.MaxSurge > 0 ? spec.MaxSurge : Least >= _desired ? 1 : 0;

    private IEnumerable<ReplicaObservation> Serving => _seen.Replicas.Where(r => _wishes.TryGetValue(r.Index, out var wish) && wish.Target == ReplicaTarget.Serve);

    /// <summary>Takes replicas back into service that were being drained and are needed again.</summary>
    public void Return()
    {
        var missing = _desired - Serving.Count(IsCurrent);
        foreach (var replica in _seen.Replicas.Where(r => r.Target == ReplicaTarget.Drain && IsCurrent(r)).OrderBy(r => r.Index).Take(Math.Max(0, missing)))
            _wishes[replica.Index] = _wishes[replica.Index] with { Target = ReplicaTarget.Serve, HandOverAt = null };
    }

    /// <summary>Adds what is missing: in a rollout within maxSurge; for nodes that are being emptied as many as must move.</summary>
    public void Add()
    {
        var serving = Serving.ToArray();
        var missing = _desired - _wishes.Values.Count(w => w.Target == ReplicaTarget.Serve && IsCurrent(w));
        var most = _desired + Surge(_seen.Spec!) + serving.Count(r => r.Evacuate);
        var room = most - serving.Length;
        for (var index = 0; missing > 0 && room > 0; index++)
        {
            if (_wishes.ContainsKey(index)) continue;
            _wishes.Add(index, new ReplicaWish(index, 0, _seen.Revision!, ReplicaTarget.Serve, null));
            missing--;
            room--;
        }
    }

    /// <summary>Drains replicas of other revisions and on nodes that are being emptied, each when there is enough without it.</summary>
    public void Retire()
    {
        foreach (var replica in Serving.Where(r => !IsCurrent(r)).OrderBy(ModelReconciler.IsReady).ThenByDescending(r => r.Evacuate).ThenBy(r => r.Streams).ThenBy(r => r.Index).ToArray())
        {
            var forced = replica.Evacuate && replica.Force && (_seen.PlacementFailure is not null || _now >= replica.EvacuateBy);
            if (forced || !ModelReconciler.IsReady(replica) || _ready - 1 >= Floor) Drain(replica);
        }
    }

    /// <summary>Drains what is more than wanted: what is not ready first, then the least loaded, then the newest.</summary>
    public void Shrink()
    {
        var spare = _wishes.Values.Count(w => w.Target == ReplicaTarget.Serve) - _desired;
        var surge = Serving.Count(r => !IsCurrent(r));
        foreach (var replica in Serving.Where(IsCurrent).OrderBy(ModelReconciler.IsReady).ThenBy(r => r.Streams).ThenByDescending(r => r.Index).Take(Math.Max(0, spare - surge)).ToArray())
            if (!ModelReconciler.IsReady(replica) || _ready - 1 >= Least) Drain(replica);
    }

    /// <summary>Sets hand-over times, and stops what is drained and empty.</summary>
    public void Finish()
    {
        foreach (var replica in _seen.Replicas)
        {
            if (!_wishes.TryGetValue(replica.Index, out var wish) || wish.Target != ReplicaTarget.Drain || replica.Target != ReplicaTarget.Drain) continue;
            if (replica.Streams == 0 && replica.State is ReplicaState.Draining or ReplicaState.Failed or ReplicaState.Stopped) Stop(replica);
            else _wishes[replica.Index] = wish with { HandOverAt = HandOverAt(replica) };
        }
    }

    /// <summary>All wishes by index; what is not placed and not wanted any more is left out.</summary>
    public ReplicaWish[] ToArray() => [.. _wishes.Values];

    private void Drain(ReplicaObservation replica)
    {
        if (ModelReconciler.IsReady(replica))
        {
            _ready--;
            _wishes[replica.Index] = _wishes[replica.Index] with { Target = ReplicaTarget.Drain, HandOverAt = HandOverAt(replica) };
        }
        else if (replica.Epoch == 0) _wishes.Remove(replica.Index);
        else if (replica.Streams > 0) _wishes[replica.Index] = _wishes[replica.Index] with { Target = ReplicaTarget.Drain, HandOverAt = HandOverAt(replica) };
        else Stop(replica);
    }

    private void Stop(ReplicaObservation replica) =>
        _wishes[replica.Index] = _wishes[replica.Index] with { Target = ReplicaTarget.Stop, HandOverAt = _now };

    // Streams are handed over only to ranks that have room for them; until then they go on where they are.
    private DateTimeOffset? HandOverAt(ReplicaObservation replica)
    {
        if (_seen.Spec is not { } spec) return replica.Force ? replica.EvacuateBy : null;
        var room = _seen.Replicas.Where(r => r.Index != replica.Index && ModelReconciler.IsReady(r) && !r.Evacuate).Sum(r => r.Room);
        if (room < replica.Streams && !replica.Force) return null;
        return replica.EvacuateBy ?? replica.HandOverAt ?? _now + spec.DrainTimeout;
    }

    // While no node has looked at the files, every revision is as good as another. A failed replica keeps its index and is placed again.
    private bool IsCurrent(ReplicaObservation replica) =>
        _seen.Spec is not null && !replica.Evacuate && (_seen.Revision is null || replica.Revision == _seen.Revision);

    private bool IsCurrent(ReplicaWish wish) => wish.Epoch == 0 ? wish.Revision == _seen.Revision : IsCurrent(_seen.Replicas.First(r => r.Index == wish.Index));
}
