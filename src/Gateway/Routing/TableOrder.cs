using Grid.Abstractions.Routing;

namespace Grid.Gateway.Routing;

/// <summary>Which of two tables is newer: they come pushed and polled, and may pass each other.</summary>
internal static class TableOrder
{
    public static bool IsNewer(RoutingTable table, RoutingTable? than)
    {
        if (than is null) return true;
        if (table.Grid != than.Grid) return table.Time > than.Time;
        return table.Version > than.Version || (table.Version == than.Version && table.Time > than.Time);
    }
}
