using Grid.Abstractions.Routing;

namespace Grid.Gateway.Tables;

/// <summary>Finds which of two tables is newer: they are pushed and polled, and may arrive out of order.</summary>
internal static class TableOrder
{
    // A grid that lost its store knows only the nodes that have found it again.
    private static readonly TimeSpan Rebuilding = TimeSpan.FromSeconds(15);

    public static bool IsNewer(RoutingTable table, RoutingTable? than)
    {
        if (than is null) return true;
        if (table.Grid != than.Grid) return table.Time > than.Time + (Lacks(table, than) ? Rebuilding : TimeSpan.Zero);
        return table.Version > than.Version || (table.Version == than.Version && table.Time > than.Time);
    }

    private static bool Lacks(RoutingTable table, RoutingTable than) =>
        than.Models.Any(model => model.Ranks.Length > 0 && !table.Models.Any(other => other.Name == model.Name && other.Ranks.Length > 0));
}
