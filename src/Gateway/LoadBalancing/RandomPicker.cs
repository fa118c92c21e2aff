using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>Picks a random rank.</summary>
internal sealed class RandomPicker(Random random) : IRankPicker
{
    public int Pick(ReadOnlySpan<RankState> ranks, ReadOnlySpan<double> scores, RouteQuery query) => random.Next(ranks.Length);
}
