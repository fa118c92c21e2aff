using Grid.Abstractions.Replicas;
using Grid.Grains.Records;

namespace Grid.Grains.Store;

// What is seen of plans.
internal sealed partial class GridStore
{
    /// <summary>What the reports of a plan's shards add up to.</summary>
    public void Observe(PlanRecord record, ReplicaState state, string? reason, string? message)
    {
        _progress[record.Plan.Epoch].SetState(state, reason, message);
        // Even where the state is the same, the reports have other loads than those before.
        MarkSeen(record);
    }

    /// <summary>Whether the shards of a plan are all there, and whether its ranks wait for experts.</summary>
    public void ObserveShards(PlanRecord record, bool whole, bool stalled)
    {
        if (_progress[record.Plan.Epoch].SetShards(whole, stalled)) MarkSeen(record);
    }

    /// <summary>Why a plan is not ready, as its replica says.</summary>
    public void Explain(PlanRecord record, string reason, string? message)
    {
        var progress = _progress[record.Plan.Epoch];
        if (progress.Reason != reason && progress.SetState(progress.State, reason, message)) _changes.MarkModel(record.Plan.Model);
    }

    /// <summary>A rank is ready for the first time at its place.</summary>
    public void JoinRank(PlanRecord record, int rank)
    {
        if (_progress[record.Plan.Epoch].Join(rank)) MarkSeen(record);
    }

    /// <summary>A rank has another place, at which it has not been ready yet.</summary>
    public void LeaveRank(PlanRecord record, int rank)
    {
        if (_progress[record.Plan.Epoch].Leave(rank)) MarkSeen(record);
    }

    /// <summary>Sets why a shard of a plan has no place; null if each has one.</summary>
    public void SetGap(PlanRecord record, string? missing)
    {
        if (_progress[record.Plan.Epoch].SetGap(missing)) _changes.MarkModel(record.Plan.Model);
    }

    /// <summary>Expert shards of a plan cannot leave a node by themselves, or could after all.</summary>
    public void SetMoveFailure(PlanRecord record, string? failure, DateTimeOffset retryAt)
    {
        if (_progress[record.Plan.Epoch].SetMoveFailure(failure, retryAt)) _changes.MarkModel(record.Plan.Model);
    }

    private void MarkSeen(PlanRecord record)
    {
        _changes.MarkTable();
        _changes.MarkModel(record.Plan.Model);
    }
}
