using Grid.Gateway.Ranks;
using Yarp.ReverseProxy.Model;

namespace Grid.Gateway.Routing;

/// <summary>Narrows the available destinations of a model's cluster to those that may get a certain request now.</summary>
internal sealed class DestinationSelector(RoutingState routing, RankDestinations ranks)
{
    // One batch may wait behind the one that runs, so that the rank never idles for want of a report.
    // The rest waits here, where it can still go elsewhere.
    private const int Batches = 2;

    /// <summary>The destinations that may get the request; none where the model is unknown, or no rank is ready and has room.</summary>
    public SelectedDestinations Select(RouteQuery query)
    {
        if (routing.ClusterOf(query.Model) is not { } cluster) return default;
        var available = cluster.DestinationsState.AvailableDestinations;
        DestinationState[]? narrowed = null;
        var count = 0;
        for (var i = 0; i < available.Count; i++)
        {
            if (IsEligible(available[i], query))
            {
                if (narrowed is not null) narrowed[count] = available[i];
                count++;
            }
            else
            {
                narrowed ??= [.. available];
            }
        }

        IReadOnlyList<DestinationState> destinations = narrowed is null
            ? available
            : new ArraySegment<DestinationState>(narrowed, 0, count);
        if (count > 1 && query.Full is { } full)
            destinations = Prefer(destinations, destination => ranks.Of(destination).Route.Id != full);
        // With equal numerics the answer is that of one unbroken run.
        if (count > 1 && query.Numerics is { } numerics)
            destinations = Prefer(destinations, destination => ranks.Of(destination).Route.Numerics == numerics);
        return new SelectedDestinations(cluster, destinations);
    }

    // YARP updates the list of available destinations in the background: what has just failed may still be in it.
    private bool IsEligible(DestinationState destination, RouteQuery query) =>
        RankAvailabilityPolicy.IsAvailable(destination) && ranks.TryGet(destination, out var rank) && IsMatch(rank, query)
        && HasRoom(rank, query);

    private static bool IsMatch(RankState rank, RouteQuery query) =>
        (query.DataParallelRank is not { } wanted || rank.DataParallelRank == wanted)
        && (query.Revision is not { } revision || rank.Route.Revision == revision)
        && (!query.IsExact || query.Numerics is not { } numerics || rank.Route.Numerics == numerics);

    private static bool HasRoom(RankState rank, RouteQuery query) =>
        query.IsResume || rank.Load.Choices < Batches * Math.Max(1, rank.Route.MaxNumSeqs);

    private static IReadOnlyList<DestinationState> Prefer(
        IReadOnlyList<DestinationState> destinations, Func<DestinationState, bool> isPreferred)
    {
        DestinationState[] preferred = [.. destinations.Where(isPreferred)];
        return preferred.Length > 0 ? preferred : destinations;
    }
}

/// <summary>A model's cluster and those of its destinations that may get a request.</summary>
internal readonly record struct SelectedDestinations(ClusterState? Cluster, IReadOnlyList<DestinationState>? Destinations)
{
    public bool IsEmpty => Destinations is not { Count: > 0 };
}
