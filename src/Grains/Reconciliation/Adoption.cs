using Grid.Abstractions.Replicas;
using Grid.Grains.Nodes;

namespace Grid.Grains.Reconciliation;

/// <summary>Takes over what nodes run and the store does not know: it was lost, or is older than they are.</summary>
internal sealed class Adoption(GridWorld world, LossBook losses, StrayBook strays, long loadedEpoch)
{
    /// <summary>Looks at the plans of a node's report.</summary>
    public void Observe(NodeRecord node)
    {
        var known = world.Gathering ? loadedEpoch : world.State.Epoch;
        var highest = Math.Max(world.State.Epoch, node.Report!.MaxEpoch);
        foreach (var plan in node.Report.Plans)
        {
            highest = Math.Max(highest, plan.Epoch);
            if (world.State.Plans.TryGetValue(plan.Epoch, out var ours)) Renew(ours, plan);
            else if (plan.Epoch > known) Adopt(plan, node.Name);
        }

        if (highest == world.State.Epoch) return;
        world.State.Epoch = highest;
        world.Changed = true;
    }

    // A plan above every epoch that was given out comes from a store that is lost, or newer than ours: it is taken over as it stands.
    private void Adopt(ReplicaPlan plan, string node)
    {
        if (world.State.Config is null && !world.State.Deployed.ContainsKey(plan.Model)) world.State.Deployed[plan.Model] = plan.Spec;
        var rival = world.Current(plan.Model, plan.Index);
        var record = new PlanRecord(plan, ReplicaTarget.Serve, null, world.Now.ToUnixTimeMilliseconds(), false, GenerationOf(plan), Served: true);
        world.AddPlan(record);
        world.Log.Warn(world.Now, "ReplicaAdopted", $"replica/{plan.Id}", $"epoch {plan.Epoch} was found on {node} and is not in the store");
        if (rival is not null) losses.Abandon(rival.Plan.Epoch > plan.Epoch ? record : rival, "Replaced", $"two plans of {plan.Id}: epochs {rival.Plan.Epoch} and {plan.Epoch}", failed: false);
    }

    // The same plan with places that were never given out as far as we know.
    private void Renew(PlanRecord ours, ReplicaPlan plan)
    {
        if (ours.Abandoned || ours.Plan.Id != plan.Id || GenerationOf(plan) <= ours.Generation) return;
        foreach (var place in ours.Places().Where(place => !plan.Shards.Any(s => s.Shard == place.Shard && s.Generation == place.Generation)).ToArray()) strays.Keep(ours.Plan, place);
        world.Replan(ours with { Plan = plan, Generation = GenerationOf(plan), Next = null });
        world.Log.Warn(world.Now, "ReplicaAdopted", $"replica/{plan.Id}", $"generation {GenerationOf(plan)} of epoch {plan.Epoch} is not in the store");
    }

    private static int GenerationOf(ReplicaPlan plan) => plan.Shards.Max(place => place.Generation);
}
