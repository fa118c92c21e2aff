using System.Globalization;
using Grid.Cli.Operators.Output;
using Grid.Engine.Planning;
using Grid.Primitives.Units;

namespace Grid.Cli.Plan;

/// <summary>A plan for people: what, why, and what each device holds.</summary>
internal static class PlanTable
{
    private const int MostRows = 16;

    public static void Write(TextWriter output, ParallelPlan plan, bool wide)
    {
        var layout = plan.Layout;
        output.WriteLine(
            $"{(plan.Fits ? "fits" : "does not fit")}: {layout.Strategy} (tensor {layout.Tensor}, pipeline {layout.Pipeline}, data "
            + $"{layout.Data}, expert {Math.Max(1, layout.Expert)})");
        output.WriteLine();
        foreach (var reason in plan.Reasons) output.WriteLine($"  {reason}");
        output.WriteLine();
        Shards(plan, wide ? int.MaxValue : MostRows).Write(output);
        if (!wide && plan.Shards.Count > MostRows) output.WriteLine($"(and {plan.Shards.Count - MostRows} more: -o wide)");
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"GPU KV cache size: {plan.KVCacheTokens:N0} tokens"));
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
            $"Maximum concurrency for {plan.MaxModelLen:N0} tokens per request: {plan.MaxConcurrency:0.00}x"));
    }

    private static TextTable Shards(ParallelPlan plan, int most)
    {
        var table = new TextTable("SHARD", "DEVICE", "LAYERS", "WEIGHTS", "USABLE", "KV BLOCKS");
        foreach (var shard in plan.Shards.Take(most))
            table.Add(shard.Shard, shard.Device, $"{shard.FirstLayer}-{shard.FirstLayer + shard.Layers - 1}",
                ByteSize.Format(shard.WeightsBytes), ByteSize.Format(shard.AvailableBytes), shard.NumBlocks);
        return table;
    }
}
