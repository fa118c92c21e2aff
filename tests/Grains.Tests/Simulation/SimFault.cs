using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Tests.Simulation;

/// <summary>A fault that is planted into the controller, to show that the simulation finds it.</summary>
public enum Planted
{
    /// <summary>None.</summary>
    None,

    /// <summary>A replacement gets the epoch of the plan before it.</summary>
    EpochNotRaised,

    /// <summary>Memory of stopped shards stays promised.</summary>
    ReservationNotFreed,

    /// <summary>One replica fewer than minAvailable is kept.</summary>
    MinAvailableOffByOne,

    /// <summary>Older reports replace newer ones.</summary>
    LateReportAccepted,

    /// <summary>A drain looks at the first shard of a replica alone.</summary>
    DrainForgetsShard,

    /// <summary>An expert shard is placed anew under the generation that it had.</summary>
    GenerationNotRaised,

    /// <summary>An expert shard takes its ranks with it.</summary>
    ExpertTakesItsRanks,
}

internal sealed class SimFault(Planted planted)
{
    public GridRules? Rules() => planted switch
    {
        Planted.EpochNotRaised => new EpochNotRaised(),
        Planted.MinAvailableOffByOne => new MinAvailableOffByOne(),
        Planted.LateReportAccepted => new LateReportAccepted(),
        Planted.DrainForgetsShard => new DrainForgetsShard(),
        Planted.GenerationNotRaised => new GenerationNotRaised(),
        Planted.ExpertTakesItsRanks => new ExpertTakesItsRanks(),
        _ => null,
    };

    public Ledger? Ledger() => planted == Planted.ReservationNotFreed ? new NeverFreed() : null;

    private sealed class EpochNotRaised : GridRules
    {
        public override long NextEpoch(GridState state) =>
            state.Epoch > 0 && !state.Plans.ContainsKey(state.Epoch) ? state.Epoch : base.NextEpoch(state);
    }

    private sealed class MinAvailableOffByOne : GridRules
    {
        public override int MinAvailable(ModelSpec spec) => Math.Max(0, base.MinAvailable(spec) - 1);
    }

    private sealed class LateReportAccepted : GridRules
    {
        public override bool IsLate(NodeRecord node, NodeReport report) => false;
    }

    private sealed class DrainForgetsShard : GridRules
    {
        public override bool RunsOn(ReplicaPlan plan, string node) => plan.Shards[0].Node == node;
    }

    private sealed class GenerationNotRaised : GridRules
    {
        public override int NextGeneration(PlanRecord record) => record.Generation;
    }

    private sealed class ExpertTakesItsRanks : GridRules
    {
        public override bool IsReplaceable(ShardId shard) => false;
    }

    private sealed class NeverFreed : Ledger
    {
        public override void Release(Reservation reservation)
        {
        }
    }
}
