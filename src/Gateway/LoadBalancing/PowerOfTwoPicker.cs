using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>Picks the better of two random ranks.</summary>
internal sealed class PowerOfTwoPicker(Random random) : IRankPicker
{
    public int Pick(ReadOnlySpan<RankState> ranks, ReadOnlySpan<double> scores, RouteQuery query)
    {
        if (ranks.Length == 1) return 0;
        var first = random.Next(ranks.Length);
        var second = random.Next(ranks.Length - 1);
        if (second >= first) second++;
        return scores[second] < scores[first] ? second : first;
    }
}
