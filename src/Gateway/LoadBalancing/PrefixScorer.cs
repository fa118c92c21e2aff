using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>
/// The part of the prompt that a rank has to compute. A prefix that this gateway has sent nowhere may be known from another gateway:
/// all of them assume that the same rank, its home, has half of it.
/// </summary>
internal sealed class PrefixScorer : IRankScorer
{
    // A token computed twice costs more than one waited for: it is work that somebody else waits for.
    private const double Weight = 1.5;
    private const double Hope = 0.5;

    public void Score(ReadOnlySpan<RankState> ranks, Span<double> scores, RouteQuery query)
    {
        var blocks = query.Blocks;
        var isKnown = false;
        for (var i = 0; i < ranks.Length; i++)
        {
            var matched = ranks[i].Prefixes.Match(blocks);
            isKnown |= matched > 0;
            scores[i] += Weight * query.PromptTokens * (1 - (ranks[i].Prefixes.Trust * matched / Math.Max(1, blocks.Length)));
        }

        if (!isKnown && query.Prompt?.HomeKey is { } key) scores[RendezvousHash.IndexOf(key, ranks)] -= Hope * query.PromptTokens;
    }
}
