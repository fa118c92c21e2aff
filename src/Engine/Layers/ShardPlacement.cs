using Grid.Engine.Collectives;
using Grid.Engine.Experts;
using Grid.Engine.Geometry;
using Grid.Primitives.Ids;

namespace Grid.Engine.Layers;

/// <summary>One shard's place in its rank, and its links to the others.</summary>
/// <param name="TensorSlice">Its part of each sharded width.</param>
/// <param name="Stage">The layers that it holds.</param>
/// <param name="TensorGroup">The shards of its stage.</param>
/// <param name="PipelineGroup">The shards of its part over all stages, in the order of stages.</param>
internal sealed record ShardPlacement(TensorSlice TensorSlice, PipelineStage Stage, ICommunicator TensorGroup, ICommunicator PipelineGroup)
{
    /// <summary>What this shard spends on others.</summary>
    public CollectiveTimes Times { get; } = CountBoth(TensorGroup, PipelineGroup);

    /// <summary>Shards that hold whole experts; null: each shard holds its slice of all of them.</summary>
    public IExpertSource? Experts
    {
        get;
        init
        {
            field = value;
            if (value is not null) value.Times = Times;
        }
    }

    /// <summary>A model on one device.</summary>
    public static ShardPlacement Whole(int layers) =>
        new(TensorSlice.Whole, PipelineStage.Whole(layers), SoloCommunicator.Instance, SoloCommunicator.Instance);

    /// <summary>Whether the rank's logits come from here.</summary>
    public bool HasLogits => Stage.IsLast && TensorSlice.Index == 0;

    /// <summary>What people see: <c>pp0/tp1</c>.</summary>
    public override string ToString() => ShardId.NameWithinRank(Stage.Index, TensorSlice.Index);

    private static CollectiveTimes CountBoth(ICommunicator tensorGroup, ICommunicator pipelineGroup) =>
        tensorGroup.Times = pipelineGroup.Times = new CollectiveTimes();
}
