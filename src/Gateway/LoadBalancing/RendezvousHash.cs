using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>
/// Rendezvous hashing: every gateway computes the same rank for a key, and a rank that is removed moves only its own keys.
/// </summary>
internal static class RendezvousHash
{
    /// <summary>Index of the key's rank; there is at least one.</summary>
    public static int IndexOf(ulong key, ReadOnlySpan<RankState> ranks)
    {
        var (home, highest) = (0, 0UL);
        for (var i = 0; i < ranks.Length; i++)
        {
            var weight = RouteHash.Weight(key, ranks[i].Hash);
            if (i == 0 || weight > highest) (home, highest) = (i, weight);
        }

        return home;
    }
}
