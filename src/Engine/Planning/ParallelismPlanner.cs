using Grid.Engine.Configuration;
using Grid.Engine.Geometry;
using Grid.Engine.Validation;
using Grid.Primitives.Ids;

namespace Grid.Engine.Planning;

/// <summary>Turns a model and an inventory into a layout, by vLLM's guideline, and says why.</summary>
public static class ParallelismPlanner
{
    /// <summary>
    /// One device where the model fits it; tensor parallelism within a node; pipeline parallelism over nodes, or where devices do not
    /// divide the model or have no NVLink; for a mixture of experts, data-parallel attention with expert shards.
    /// </summary>
    /// <param name="inventory">The available devices; a plan may leave some unused.</param>
    /// <param name="options">Memory utilization, block size and maximum length.</param>
    /// <returns>The first layout that fits, else the one that comes nearest.</returns>
    /// <exception cref="ModelLoadException">Of kind <see cref="ModelLoadFault.Layout"/>: the length is out of range.</exception>
    public static ParallelPlan Plan(ModelProfile profile, DeviceInventory inventory, EngineOptions options)
    {
        var evaluator = new LayoutEvaluator(profile, options);
        List<string> reasons = profile.Note is { } note ? [note] : [];
        var largest = inventory.Devices.MaxBy(device => device.MemoryBytes)!;
        var best = evaluator.Evaluate(new ParallelLayout(), [largest]);
        if (best.Fits)
            return best
                with
            {
                Reasons = [.. reasons,
                    $"It fits one device ({largest}, {PlanText.Size(largest.MemoryBytes)}): no parallelism is needed.", Numbers(best)]
            };
        reasons.Add($"One device is too small: {PlanText.Shortfall(best)}.");
        if (!inventory.HasNVLink)
            reasons.Add(
                "The devices of a node have no NVLink: tensor parallelism would wait for two all-reduces a layer over a slow link.");
        var weights = profile.WeightsBytes;
        for (var nodes = 1; nodes <= inventory.Nodes.Count; nodes++)
        {
            var used = inventory.Take(nodes);
            // The last is planned all the same: it says what is missing.
            if (nodes < inventory.Nodes.Count && used.Devices.Sum(device => device.MemoryBytes) < weights) continue;
            foreach (var (layout, reason) in new LayoutCandidates(profile, used).List().Where(candidate => candidate.Layout.WorldSize > 1))
            {
                if (Refusal(profile, layout) is { } refusal)
                {
                    reasons.Add(refusal);
                    continue;
                }

                var plan = evaluator.Evaluate(layout, DevicePlacement.Place(used, layout)!);
                if (plan.Fits) return plan with { Reasons = [.. reasons.Distinct(), reason, .. Unused(inventory, plan), Numbers(plan)] };
                if (plan.KVCacheTokens > best.KVCacheTokens || (plan.KVCacheTokens == best.KVCacheTokens && Lack(plan) < Lack(best)))
                    best = plan;
            }
        }

        return best with { Reasons = [.. reasons.Distinct(), .. TooSmall(best, inventory)] };
    }

    /// <summary>Evaluates the layout that the options ask for on the devices.</summary>
    /// <param name="inventory">The devices that are available.</param>
    /// <param name="options">The parallel sizes, memory utilization, block size and maximum length.</param>
    /// <exception cref="ModelLoadException">Of kind <see cref="ModelLoadFault.Layout"/>: the layout does not suit the model.</exception>
    public static ParallelPlan PlanAsAsked(ModelProfile profile, DeviceInventory inventory, EngineOptions options)
    {
        EngineOptionsValidator.Validate(profile.Config, options);
        var layout = new ParallelLayout(options.TensorParallelSize, options.PipelineParallelSize, options.DataParallelSize,
            options.NumExpertShards);
        var evaluator = new LayoutEvaluator(profile, options);
        List<string> reasons = profile.Note is { } note ? [note] : [];
        reasons.Add($"The layout is as asked: {layout.Flags}.");
        if (DevicePlacement.Place(inventory, layout) is not { } devices)
        {
            var all = inventory.Devices.ToArray();
            var lacking = evaluator.Evaluate(layout, [.. Enumerable.Range(0, layout.WorldSize).Select(rank => all[rank % all.Length])]);
            return lacking with
            {
                Fits = false,
                NeededBytes = lacking.NeededBytes * layout.WorldSize,
                AvailableBytes = lacking.Shards.Take(all.Length).Sum(shard => shard.AvailableBytes),
                Reasons = [.. reasons,
                    $"It needs {PlanText.Count(layout.WorldSize, "device")} ({layout.Tensor} x {layout.Pipeline} x {layout.Data}), and "
                    + $"there {(all.Length == 1 ? "is" : "are")} {all.Length}: add devices, or lower the sizes."],
            };
        }

        var plan = evaluator.Evaluate(layout, devices);
        if (DevicePlacement.WidestSpan(devices, layout.Tensor) is { Length: > 1 } span) reasons.Add(SlowLink(layout, span, inventory));
        else if (layout.Tensor > 1 && !inventory.HasNVLink)
            reasons.Add(
                $"Warning: two all-reduces a layer go over the link without NVLink between the devices of a node, which is slower: -pp "
                + $"{layout.Tensor} with -tp 1 sends less.");
        return plan with { Reasons = plan.Fits ? [.. reasons, Numbers(plan)] : [.. reasons, .. TooSmall(plan, inventory)] };
    }

    /// <summary>A layout on given devices: layers by their memory and speed, and what they hold.</summary>
    /// <param name="devices">One device for each shard: tensor fastest, then pipeline, then data.</param>
    /// <param name="options">Memory utilization, block size, maximum length, requested cache size, and layers of each stage.</param>
    /// <exception cref="ModelLoadException">Of kind <see cref="ModelLoadFault.Layout"/>: the layout does not suit the model.</exception>
    public static ParallelPlan PlanOn(ModelProfile profile, ParallelLayout layout, IReadOnlyList<InventoryDevice> devices,
        EngineOptions options)
    {
        if (Refusal(profile, layout) is { } refusal) throw new ModelLoadException(refusal, ModelLoadFault.Layout);
        var plan = new LayoutEvaluator(profile, options).Evaluate(layout, devices);
        return plan with { Reasons = [Numbers(plan)] };
    }

    /// <summary>
    /// For <c>parallelism: auto</c>: the fewest devices of one node that the model fits, without stages where the devices are well linked
    /// and divide it.
    /// </summary>
    /// <param name="freeBytes">Free bytes of each device of the node; at least one device.</param>
    /// <param name="options">Memory utilization (1 where all free memory may be used), block size and maximum length.</param>
    /// <param name="hasNVLink">Whether the devices reach each other directly and fast.</param>
    /// <returns>Its layout is what to place; where it does not fit, its reasons say what is missing.</returns>
    public static ParallelPlan PlanNode(ModelProfile profile, IReadOnlyList<long> freeBytes, EngineOptions options,
        bool hasNVLink = true) =>
        PlanNode(profile,
            new InventoryNode("node0", [.. freeBytes.Select((bytes, index) => new InventoryDevice("node0", DeviceId.Sim(index), bytes))]),
            options, hasNVLink);

    /// <summary>As with the free bytes alone, for a node whose devices have names and speeds.</summary>
    /// <param name="node">The node, with the free bytes of each device; at least one device.</param>
    /// <param name="options">Memory utilization (1 where all free memory may be used), block size and maximum length.</param>
    /// <param name="hasNVLink">Whether the devices reach each other directly and fast.</param>
    public static ParallelPlan PlanNode(ModelProfile profile, InventoryNode node, EngineOptions options, bool hasNVLink = true)
    {
        if (node.Devices.Count == 0) throw new ArgumentException("A node must have at least one device and has none.", nameof(node));
        var devices = node.Devices.OrderByDescending(device => device.MemoryBytes).ToArray();
        ParallelPlan? staged = null, last = null;
        for (var count = 1; count <= devices.Length; count++)
        {
            last = Plan(profile, new DeviceInventory([node with { Devices = devices[..count] }], hasNVLink), options);
            if (!last.Fits) continue;
            if (last.Layout.Pipeline == 1 || !hasNVLink) return last;
            staged ??= last;
        }

        return staged ?? last!;
    }

    /// <summary>Layers of each stage by vLLM's rule.</summary>
    /// <exception cref="ModelLoadException">The model has fewer layers than there are stages.</exception>
    public static int[] RuleOf(ModelProfile profile, int stages) =>
        [.. PipelinePartition.Divide(profile.Config.NumHiddenLayers, stages, null).Select(stage => stage.Length)];

    internal static string? Refusal(ModelProfile profile, ParallelLayout layout)
    {
        var options = new EngineOptions
        {
            TensorParallelSize = layout.Tensor,
            PipelineParallelSize = layout.Pipeline,
            DataParallelSize = layout.Data,
            EnableExpertParallel = layout.Expert > 0,
            ExpertParallelSize = layout.Expert > 0 ? layout.Expert : null,
        };
        return LayoutValidator.FindFaults(profile.Config, options).FirstOrDefault() is { } fault
            ? $"{layout.Flags} is not possible: {fault}"
            : null;
    }

    private static long Lack(ParallelPlan plan) => plan.NeededBytes - plan.AvailableBytes;

    private static IEnumerable<string> Unused(DeviceInventory inventory, ParallelPlan plan)
    {
        var unused = inventory.Devices.Count() - plan.Layout.WorldSize;
        if (unused > 0)
            yield return $"{PlanText.Count(unused, "device")} of {inventory.Describe()} {(unused == 1 ? "is" : "are")} left for more "
                + "replicas.";
    }

    private static string Numbers(ParallelPlan plan)
    {
        var stages = plan.Shards.Where((_, rank) => rank % plan.Layout.Tensor == 0).Take(plan.Layout.Pipeline)
            .Select(shard => new Geometry.Slice(shard.FirstLayer, shard.Layers));
        var layers = plan.Layout.Pipeline == 1 ? "" : $", layers {PipelinePartition.Describe(stages)}";
        var rank = plan.Layout.Data == 1 ? "The KV cache holds" : "The KV cache of each rank holds";
        return $"A device holds at most {PlanText.Size(plan.WeightsBytesPerDevice)} of weights{layers}. {rank} "
            + $"{PlanText.Tokens(plan.KVCacheTokens)}.";
    }

    private static string SlowLink(ParallelLayout layout, string[] span, DeviceInventory inventory)
    {
        var perNode = inventory.Nodes.Min(node => node.Devices.Count);
        var better = layout.Tensor % perNode == 0 && perNode > 1
            ? $" -tp {perNode} -pp {layout.Tensor / perNode} keeps them inside a node."
            : "";
        return $"Warning: tensor parallel size {layout.Tensor} spans {PlanText.Count(span.Length, "node")}: two all-reduces a layer go "
            + $"over the network between {string.Join(" and ", span)}, the slower link.{better}";
    }

    private static IEnumerable<string> TooSmall(ParallelPlan plan, DeviceInventory inventory)
    {
        yield return $"It does not fit {inventory.Describe()}: with {plan.Layout.Flags}, {PlanText.Shortfall(plan)}.";
        yield return plan.LongestModelLen > 0 && plan.IsCacheStated
            ? $"The KV cache that fits holds {PlanText.Tokens(plan.KVCacheTokens)}: ask for fewer, or add devices. The longest length "
            + $"that fits is {PlanText.Tokens(plan.LongestModelLen)}."
            : plan.LongestModelLen > 0
            ? $"The longest length that fits is {PlanText.Tokens(plan.LongestModelLen)}: --max-model-len {plan.LongestModelLen}, or more "
            + "devices."
            : "Not even one block of KV cache fits: it needs more devices, or devices with more memory.";
    }
}
