namespace Grid.Engine.Planning;

/// <summary>The layouts that the guideline allows, best first.</summary>
/// <param name="profile">The model to divide.</param>
/// <param name="inventory">Nodes whose devices are all used.</param>
internal sealed class LayoutCandidates(ModelProfile profile, DeviceInventory inventory)
{
    private readonly int _smallestNode = inventory.Nodes.Min(node => node.Devices.Count);
    private readonly int _devices = inventory.Devices.Count();

    private IEnumerable<int> TensorSizes =>
        Enumerable.Range(1, _smallestNode).Where(size => inventory.Nodes.All(node => node.Devices.Count % size == 0));

    /// <summary>Layouts for these nodes, each with the sentence that speaks for it. Some may not suit the model.</summary>
    public IEnumerable<(ParallelLayout Layout, string Reason)> List()
    {
        foreach (var candidate in profile.Config.NumExperts > 0 ? WithExpertShards() : []) yield return candidate;
        if (inventory.HasNVLink && _smallestNode > 1) yield return (OverNodes(_smallestNode), inventory.Nodes.Count == 1
            ? $"It fits one node: tensor parallelism over its {PlanText.Count(_smallestNode, "device")}."
            : $"One node is too small: tensor parallelism over the {PlanText.Count(_smallestNode, "device")} of a node, pipeline "
            + $"parallelism over {PlanText.Count(OverNodes(_smallestNode).Pipeline, "stage")}.");
        yield return (new ParallelLayout(Pipeline: Math.Min(_devices, profile.Config.NumHiddenLayers)),
            $"Pipeline parallelism over {PlanText.Count(Math.Min(_devices, profile.Config.NumHiddenLayers), "device")} with tensor "
            + "parallel size 1 splits by layers, unevenly where it must, and sends one row of hidden states a stage.");
        foreach (var size in TensorSizes.Reverse().Where(size => size > 1 && size < _smallestNode && inventory.HasNVLink))
            yield return (OverNodes(size),
                $"Tensor parallelism over {PlanText.Count(size, "device")} divides evenly, pipeline parallelism over the rest.");
    }

    private ParallelLayout OverNodes(int tensor) => new(tensor, inventory.Nodes.Sum(node => node.Devices.Count / tensor));

    // Attention by rows, experts by number: the fewest tensor shards that fit, and as many ranks as there is room for.
    private IEnumerable<(ParallelLayout Layout, string Reason)> WithExpertShards()
    {
        foreach (var size in TensorSizes.Where(size => size == 1 || inventory.HasNVLink))
        {
            var layout = new ParallelLayout(size, 1, _devices / size, Math.Min(profile.Config.NumExperts, _devices));
            var shards = size == 1 ? "" : $" of {size} tensor shards each";
            yield return (layout,
                $"It is a mixture of {PlanText.Count(profile.Config.NumExperts, "expert")}: "
                + $"{PlanText.Count(layout.Data, "data-parallel attention rank")}{shards}, each with a KV cache of its own, share "
                + $"{PlanText.Count(layout.Expert, "expert shard")}.");
        }
    }
}
