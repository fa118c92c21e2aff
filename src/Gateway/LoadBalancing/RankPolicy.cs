using System.Buffers;
using Grid.Gateway.Ranks;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Grid.Gateway.LoadBalancing;

/// <summary>A policy of <c>gateway.routing</c>: scores each rank and picks one.</summary>
internal sealed class RankPolicy(string name, IRankScorer[] scorers, IRankPicker picker, RankDestinations ranks) : ILoadBalancingPolicy
{
    public string Name { get; } = name;

    public DestinationState? PickDestination(
        HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations)
    {
        var query = RoutedRequest.Of(context).Query;
        var count = availableDestinations.Count;
        var states = ArrayPool<RankState>.Shared.Rent(count);
        var scores = ArrayPool<double>.Shared.Rent(count);
        try
        {
            for (var i = 0; i < count; i++) states[i] = ranks.Of(availableDestinations[i]);
            return availableDestinations[Pick(states.AsSpan(0, count), scores.AsSpan(0, count), query)];
        }
        finally
        {
            ArrayPool<RankState>.Shared.Return(states, clearArray: true);
            ArrayPool<double>.Shared.Return(scores);
        }
    }

    private int Pick(ReadOnlySpan<RankState> states, Span<double> scores, RouteQuery query)
    {
        scores.Clear();
        foreach (var scorer in scorers) scorer.Score(states, scores, query);
        return picker.Pick(states, scores, query);
    }
}
