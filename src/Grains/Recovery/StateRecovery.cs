using Grid.Abstractions.Events;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Recovery;

/// <summary>Recovers plans that nodes run and the store does not know, because it was lost or is older than they are.</summary>
internal sealed class StateRecovery(GridStore store, FailureHandler failures, OrphanCollector orphans, long loadedEpoch)
{
    /// <summary>Recovers plans from a node's report.</summary>
    public void Observe(NodeRecord node)
    {
        var known = store.Gathering ? loadedEpoch : store.Epoch;
        var highest = Math.Max(store.Epoch, node.Report!.MaxEpoch);
        foreach (var plan in node.Report.Plans)
        {
            highest = Math.Max(highest, plan.Epoch);
            if (store.Plans.TryGetValue(plan.Epoch, out var ours)) Renew(ours, plan);
            else if (plan.Epoch > known) Adopt(plan, node.Name);
        }

        store.RaiseEpoch(highest);
    }

    // A plan above every epoch that was given out comes from a store that is lost, or newer than ours: it is recovered as it is.
    private void Adopt(ReplicaPlan plan, string node)
    {
        if (store.Config is null && !store.Deployed.ContainsKey(plan.Model)) store.Deploy(plan.Model, plan.Spec);
        var rival = store.Current(plan.Model, plan.Index);
        var record =
            new PlanRecord(plan, ReplicaTarget.Serve, null, store.Now.ToUnixTimeMilliseconds(), false, GenerationOf(plan), Served: true);
        store.AddPlan(record);
        store.Log.Warn(EventReasons.ReplicaRecovered, $"replica/{plan.Id}",
            $"epoch {plan.Epoch} was found on {node} and is not in the store");
        if (rival is not null)
            failures.Abandon(rival.Plan.Epoch > plan.Epoch ? record : rival, EventReasons.Replaced,
                $"two plans of {plan.Id}: epochs {rival.Plan.Epoch} and {plan.Epoch}", failed: false);
    }

    // The same plan with places that were never given out as far as we know.
    private void Renew(PlanRecord ours, ReplicaPlan plan)
    {
        if (ours.Abandoned || ours.Plan.Id != plan.Id || GenerationOf(plan) <= ours.Generation) return;
        foreach (var place in ours.Places()
            .Where(place => !plan.Shards.Any(s => s.Shard == place.Shard && s.Generation == place.Generation)).ToArray())
            orphans.Keep(ours.Plan, place);
        store.Replan(ours with { Plan = plan, Generation = GenerationOf(plan), Next = null });
        store.Log.Warn(EventReasons.ReplicaRecovered, $"replica/{plan.Id}",
            $"generation {GenerationOf(plan)} of epoch {plan.Epoch} is not in the store");
    }

    private static int GenerationOf(ReplicaPlan plan) => plan.Shards.Max(place => place.Generation);
}
