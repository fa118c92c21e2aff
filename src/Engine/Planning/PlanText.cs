using System.Globalization;
using Grid.Primitives.Units;

namespace Grid.Engine.Planning;

/// <summary>Numbers as the sentences of a plan write them.</summary>
internal static class PlanText
{
    /// <summary>A size with at most one decimal: <c>73.6 GiB</c>.</summary>
    public static string Size(long bytes) => ByteSize.Format(bytes, decimals: 1);

    /// <summary><c>1 node</c>, <c>2 nodes</c>.</summary>
    public static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>A number of tokens: <c>643,232 tokens</c>.</summary>
    public static string Tokens(long count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} tokens");

    /// <summary>What the fullest device lacks.</summary>
    public static string Shortfall(ParallelPlan plan) =>
        $"a device needs {Size(plan.NeededBytes)} for its weights and the KV cache "
        + $"{(plan.IsCacheStated ? "that was asked for" : $"of one request of "
        + $"{Tokens(plan.MaxModelLen)}")}, and {Size(plan.AvailableBytes)} may be used";
}
