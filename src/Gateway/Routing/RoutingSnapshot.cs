using System.Collections.Frozen;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Routing;

namespace Grid.Gateway.Routing;

/// <summary>One table, ready for look-ups.</summary>
internal sealed class RoutingSnapshot
{
    public RoutingSnapshot(RoutingTable table)
    {
        Table = table;
        var models = new Dictionary<string, RoutedModel>(StringComparer.Ordinal);
        foreach (var route in table.Models)
        {
            var model = new RoutedModel(route, RoutingTableConfig.ClusterIdOf(route));
            foreach (var name in route.Aliases.Prepend(route.Name)) models.TryAdd(name, model);
        }

        Models = models.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public RoutingTable Table { get; }

    /// <summary>By name and alias.</summary>
    public FrozenDictionary<string, RoutedModel> Models { get; }

    public QueueSpec Queue => Table.Gateway.Queue ?? QueueSpec.Default;

    public ResumeSpec Resume => Table.Gateway.Resume ?? ResumeSpec.Default;
}

/// <summary>A model of the table and its cluster.</summary>
internal sealed record RoutedModel(ModelRoute Route, string ClusterId);
