using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;

namespace Grid.Grains.Models;

/// <summary>The replicas of a model, step by step from the last desired state to the next.</summary>
internal sealed class ReplicaSetPlanner
{
    private readonly ModelObservation _seen;
    private readonly int _desired;
    private readonly DateTimeOffset _now;
    private readonly SortedDictionary<int, DesiredReplica> _wanted = [];
    private int _available;

    /// <summary>Starts with the last desired state.</summary>
    public ReplicaSetPlanner(ModelObservation seen, int desired, DateTimeOffset now)
    {
        _seen = seen;
        _desired = desired;
        _now = now;
        _available = seen.Replicas.Count(r => r is { IsReady: true, Available: true });
        foreach (var replica in seen.Replicas)
            _wanted.Add(replica.Index,
                new DesiredReplica(replica.Index, replica.Epoch, replica.Revision, replica.Target, replica.HandOverAt));
    }

    /// <summary>
    /// The number of ready replicas that are kept: all desired ones while new ones can still come first, else minAvailable.
    /// </summary>
    private int Floor => _seen.Spec is not { } spec ? 0
        : Surge(spec) > 0 && _seen.PlacementFailure is null && _seen.Revision is not null ? Math.Max(_desired, Least)
        : Least;

    private int Least => Math.Min(_seen.Spec?.MinAvailable ?? 0, _desired);

    // Where not one replica may be missing, a rollout without surge could never begin.
    private int Surge(ModelSpec spec) => spec.MaxSurge > 0 ? spec.MaxSurge : Least >= _desired ? 1 : 0;

    private IEnumerable<ReplicaObservation> Serving =>
        _seen.Replicas.Where(r => _wanted.TryGetValue(r.Index, out var want) && want.Target == ReplicaTarget.Serve);

    /// <summary>Takes replicas back into service that were being drained and are needed again.</summary>
    public void Restore()
    {
        var missing = _desired - Serving.Count(IsCurrent);
        foreach (var replica in _seen.Replicas.Where(r => r.Target == ReplicaTarget.Drain && IsCurrent(r)).OrderBy(r => r.Index)
            .Take(Math.Max(0, missing)))
            _wanted[replica.Index] = _wanted[replica.Index] with { Target = ReplicaTarget.Serve, HandOverAt = null };
    }

    /// <summary>Adds what is missing: in a rollout within maxSurge; for nodes that are being emptied as many as must move.</summary>
    public void Add()
    {
        var serving = Serving.ToArray();
        var missing = _desired - _wanted.Values.Count(w => w.Target == ReplicaTarget.Serve && IsCurrent(w));
        var most = _desired + Surge(_seen.Spec!) + serving.Count(r => r.Draining);
        var room = most - serving.Length;
        for (var index = 0; missing > 0 && room > 0; index++)
        {
            if (_wanted.ContainsKey(index)) continue;
            _wanted.Add(index, new DesiredReplica(index, 0, _seen.Revision!, ReplicaTarget.Serve, null));
            missing--;
            room--;
        }
    }

    /// <summary>Drains replicas of other revisions and on nodes that are being emptied, each when there is enough without it.</summary>
    public void Replace()
    {
        foreach (var replica in Serving.Where(r => !IsCurrent(r)).OrderBy(r => r.IsReady).ThenByDescending(r => r.Draining)
            .ThenBy(r => r.Streams).ThenBy(r => r.Index).ToArray())
        {
            var forced = replica.Draining && replica.Force && (_seen.PlacementFailure is not null || _now >= replica.DrainBy);
            if (forced || MayLeave(replica, Floor)) Drain(replica);
        }
    }

    /// <summary>Drains replicas above the desired number: those that are not ready first, then the least loaded, then the newest.</summary>
    public void ScaleDown()
    {
        var spare = _wanted.Values.Count(w => w.Target == ReplicaTarget.Serve) - _desired;
        var surge = Serving.Count(r => !IsCurrent(r));
        foreach (var replica in Serving.Where(IsCurrent).OrderBy(r => r.IsReady).ThenBy(r => r.Streams).ThenByDescending(r => r.Index)
            .Take(Math.Max(0, spare - surge)).ToArray())
            if (MayLeave(replica, Least)) Drain(replica);
    }

    /// <summary>Sets hand-over times, and stops what is drained and empty.</summary>
    public void Finish()
    {
        foreach (var replica in _seen.Replicas)
        {
            if (!_wanted.TryGetValue(replica.Index, out var want) || want.Target != ReplicaTarget.Drain
                || replica.Target != ReplicaTarget.Drain) continue;
            if (replica.Streams == 0 && replica.State is ReplicaState.Draining or ReplicaState.Failed or ReplicaState.Stopped)
                Stop(replica);
            else _wanted[replica.Index] = want with { HandOverAt = HandOverAt(replica) };
        }
    }

    /// <summary>All replicas by index, without those that are neither placed nor desired.</summary>
    public DesiredReplica[] ToArray() => [.. _wanted.Values];

    private void Drain(ReplicaObservation replica)
    {
        if (replica.IsReady)
        {
            if (replica.Available) _available--;
            _wanted[replica.Index] = _wanted[replica.Index] with { Target = ReplicaTarget.Drain, HandOverAt = HandOverAt(replica) };
        }
        else if (replica.Epoch == 0) _wanted.Remove(replica.Index);
        else if (replica.Streams > 0)
            _wanted[replica.Index] = _wanted[replica.Index] with { Target = ReplicaTarget.Drain, HandOverAt = HandOverAt(replica) };
        else Stop(replica);
    }

    private void Stop(ReplicaObservation replica) =>
        _wanted[replica.Index] = _wanted[replica.Index] with { Target = ReplicaTarget.Stop, HandOverAt = _now };

    // Streams are handed over only to ranks that have room for them; until then they stay where they are.
    private DateTimeOffset? HandOverAt(ReplicaObservation replica)
    {
        if (_seen.Spec is not { } spec) return replica.Force ? replica.DrainBy : null;
        var room = _seen.Replicas.Where(r => r.Index != replica.Index && r.IsReady && !r.Draining).Sum(r => r.Room);
        if (room < replica.Streams && !replica.Force) return null;
        return replica.DrainBy ?? replica.HandOverAt ?? _now + spec.DrainTimeout;
    }

    // Replicas that are not ready are not missed; of the others enough have to answer requests without it.
    private bool MayLeave(ReplicaObservation replica, int floor) =>
        !replica.IsReady || _available - (replica.Available ? 1 : 0) >= floor;

    // While no node has inspected the files, every revision is as good as another. A failed replica keeps its index and is placed again.
    private bool IsCurrent(ReplicaObservation replica) =>
        _seen.Spec is not null && !replica.Draining && (_seen.Revision is null || replica.Revision == _seen.Revision);

    private bool IsCurrent(DesiredReplica want) =>
        want.Epoch == 0 ? want.Revision == _seen.Revision : IsCurrent(_seen.Replicas.First(r => r.Index == want.Index));
}
