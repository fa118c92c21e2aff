using Grid.Abstractions.Replicas;
using Grid.Grains.Records;

namespace Grid.Grains.Store;

// Plans, and what is sent to their replicas.
internal sealed partial class GridStore
{
    public static Reservation ReservationOf(ReplicaPlan plan, ShardPlan shard) =>
        new(shard.Node, shard.Device, plan.Id, plan.Epoch, shard.Shard, shard.ReservedBytes, shard.Generation);

    /// <summary>An epoch for a new plan.</summary>
    public long NextEpoch() => Rules.NextEpoch(_state);

    /// <summary>A node knows of a higher epoch.</summary>
    public void RaiseEpoch(long epoch)
    {
        if (epoch <= _state.Epoch) return;
        _state.Epoch = epoch;
        _changes.MarkState();
    }

    public void AddPlan(PlanRecord record)
    {
        _state.Plans.Add(record.Plan.Epoch, record);
        Index(record.Plan.Epoch, record);
        Touch(record);
        Deliver(record.Plan.Id);
    }

    /// <summary>Changes what is desired of a plan, under a higher sequence.</summary>
    public PlanRecord Direct(PlanRecord record, ReplicaTarget target, DateTimeOffset? handOverAt, bool abandoned = false)
    {
        var next = record with
        {
            Target = target,
            HandOverAt = handOverAt,
            Abandoned = record.Abandoned || abandoned,
            Sequence = Math.Max(record.Sequence + 1, Now.ToUnixTimeMilliseconds()),
        };
        _state.Plans[record.Plan.Epoch] = next;
        Touch(next);
        Deliver(record.Plan.Id);
        return next;
    }

    /// <summary>
    /// Changes the shards of a plan under its epoch and a higher sequence. Memory of shards that it does not name any more stays promised
    /// until the caller releases it.
    /// </summary>
    public PlanRecord Replan(PlanRecord changed)
    {
        var epoch = changed.Plan.Epoch;
        var progress = _progress[epoch];
        Unindex(_state.Plans[epoch]);
        var next = changed with
        {
            Served = changed.Served || progress.State == ReplicaState.Ready,
            Sequence = Math.Max(changed.Sequence + 1, Now.ToUnixTimeMilliseconds()),
        };
        _state.Plans[epoch] = next;
        Index(epoch, next);
        progress.SetShards(whole: false, progress.Stalled);
        Touch(next);
        Deliver(next.Plan.Id);
        return next;
    }

    /// <summary>A silo has another address; what is desired of the plan's shards stays.</summary>
    public void Readdress(long epoch, Func<ShardPlan, ShardPlan> change)
    {
        var record = _state.Plans[epoch];
        _state.Plans[epoch] = record with
        {
            Plan = record.Plan with { Shards = [.. record.Plan.Shards.Select(change)] },
            Next = record.Next?.Select(change).ToArray(),
        };
        _changes.MarkState();
    }

    /// <summary>
    /// Remembers that a plan whose shards may change was ready: a controller that starts from a lost state continues with what is left of
    /// it.
    /// </summary>
    public void Serve(PlanRecord record)
    {
        if (record.Served || record.Plan.Layout.Expert == 0) return;
        _state.Plans[record.Plan.Epoch] = record with { Served = true };
        _changes.MarkState();
    }

    /// <summary>Shards of a plan have ended: their promises end, and with the last of them the plan.</summary>
    public void RemoveShards(PlanRecord record, Func<ShardPlan, bool> gone)
    {
        var epoch = record.Plan.Epoch;
        foreach (var shard in record.Plan.Shards)
            if (gone(shard)) Ledger.Release(ReservationOf(record.Plan, shard));
        var left = record.Plan.Shards.Where(shard => !gone(shard)).ToArray();
        Unindex(record);
        if (left.Length == 0)
        {
            _state.Plans.Remove(epoch);
            _progress.Remove(epoch);
        }
        else
        {
            var kept = record with { Plan = record.Plan with { Shards = left } };
            _state.Plans[epoch] = kept;
            Index(epoch, kept);
        }

        Touch(record);
    }

    /// <summary>Something else is desired of a replica's shards.</summary>
    public void Deliver(ReplicaId replica)
    {
        if (!_deliveries.TryGetValue(replica, out var delivery)) _deliveries.Add(replica, delivery = new ReplicaDelivery());
        delivery.Change(Now);
    }

    /// <summary>Nothing is desired of a replica any more.</summary>
    public void EndDelivery(ReplicaId replica) => _deliveries.Remove(replica);

    private void Touch(PlanRecord record)
    {
        _changes.MarkState();
        _changes.MarkTable();
        AddModel(record.Plan.Model);
        _changes.MarkModel(record.Plan.Model);
    }

    private void Index(long epoch, PlanRecord record)
    {
        foreach (var shard in record.Places())
        {
            Ledger.Reserve(ReservationOf(record.Plan, shard));
            if (!_plansByNode.TryGetValue(shard.Node, out var onNode)) _plansByNode.Add(shard.Node, onNode = []);
            if (!onNode.Contains(epoch)) onNode.Add(epoch);
        }

        if (!_plansByModel.TryGetValue(record.Plan.Model, out var ofModel)) _plansByModel.Add(record.Plan.Model, ofModel = []);
        ofModel.Add(epoch);
        if (record.Plan.Layout.Expert > 0) _elastic.Add(epoch);
        _progress.TryAdd(epoch, new PlanProgress());
        if (!_deliveries.ContainsKey(record.Plan.Id)) Deliver(record.Plan.Id);
    }

    private void Unindex(PlanRecord record)
    {
        foreach (var shard in record.Places())
            if (_plansByNode.TryGetValue(shard.Node, out var onNode)) onNode.Remove(record.Plan.Epoch);
        _elastic.Remove(record.Plan.Epoch);
        if (_plansByModel.TryGetValue(record.Plan.Model, out var ofModel)) ofModel.Remove(record.Plan.Epoch);
    }
}
