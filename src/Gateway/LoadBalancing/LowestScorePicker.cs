using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>Picks the lowest score; among equal ones a random rank, so that gateways do not all choose the first.</summary>
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
