using Grid.Gateway.Routing.Pickers;
using Grid.Gateway.Routing.Scorers;

namespace Grid.Gateway.Routing;

/// <summary>A named way to choose a rank.</summary>
internal sealed record RoutingPolicy(string Name, IRankScorer[] Scorers, IRankPicker Picker)
{
    public int Choose(ReadOnlySpan<RankState> ranks, Span<double> scores, RouteQuery query)
    {
        scores.Clear();
        foreach (var scorer in Scorers) scorer.Score(ranks, scores, query);
        return Picker.Pick(ranks, scores, query);
    }
}
