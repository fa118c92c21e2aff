using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Grid.Abstractions.Routing;
using Yarp.ReverseProxy.Model;

namespace Grid.Gateway.Ranks;

/// <summary>
/// The state of each rank, kept beside YARP's state of its destination: loads change every second, and a change of YARP's configuration
/// would rebuild its clusters each time.
/// </summary>
internal sealed class RankDestinations(TimeProvider timeProvider)
{
    private readonly ConditionalWeakTable<DestinationState, RankState> _states = [];
    private volatile Dictionary<string, RankState> _byId = [];
    private volatile Binding[] _bound = [];

    /// <summary>The ranks of the newest table with their destinations.</summary>
    public IReadOnlyList<Binding> Bound => _bound;

    /// <summary>
    /// Id of a rank's destination. A rank that was placed again is another process, which has cached nothing and was never lost.
    /// </summary>
    public static string IdOf(RankRoute route) => $"{route.Id}@{route.Epoch} {route.Url}";

    /// <summary>The rank of a destination; the destination was bound.</summary>
    public RankState Of(DestinationState destination) => TryGet(destination, out var rank)
        ? rank
        : throw new InvalidOperationException($"The destination '{destination.DestinationId}' has no rank.");

    public bool TryGet(DestinationState destination, [NotNullWhen(true)] out RankState? rank) => _states.TryGetValue(destination, out rank);

    /// <summary>Takes the loads of a table; ranks that it does not have are forgotten.</summary>
    public void Update(RoutingTable table)
    {
        var known = _byId;
        var next = new Dictionary<string, RankState>(StringComparer.Ordinal);
        foreach (var route in table.Models.SelectMany(model => model.Ranks))
        {
            var id = IdOf(route);
            if (known.TryGetValue(id, out var rank)) rank.Update(route);
            else rank = new RankState(route, timeProvider);
            next[id] = rank;
        }

        _byId = next;
    }

    /// <summary>Joins the ranks to the destinations that YARP has made for them.</summary>
    public void Bind(IEnumerable<ClusterState> clusters)
    {
        var bound = new List<Binding>();
        foreach (var cluster in clusters)
        {
            foreach (var destination in cluster.Destinations.Values)
            {
                if (!_byId.TryGetValue(destination.DestinationId, out var rank)) continue;
                _states.AddOrUpdate(destination, rank);
                bound.Add(new Binding(rank, cluster, destination));
            }
        }

        _bound = [.. bound];
    }

    /// <summary>A rank with YARP's state of it.</summary>
    internal sealed record Binding(RankState Rank, ClusterState Cluster, DestinationState Destination);
}
