using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>The lowest score; one of those that are equal by chance, so that gateways do not all run to the first.</summary>
internal sealed class LowestScorePicker(Random random) : IRankPicker
{
    public int Pick(ReadOnlySpan<RankState> ranks, ReadOnlySpan<double> scores, RouteQuery query)
    {
        var (best, equals) = (0, 1);
        for (var i = 1; i < scores.Length; i++)
        {
            if (scores[i] < scores[best]) (best, equals) = (i, 1);
            else if (scores[i] == scores[best] && random.Next(++equals) == 0) best = i;
        }

        return best;
    }
}
