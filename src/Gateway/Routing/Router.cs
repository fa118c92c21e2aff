using System.Buffers;
using Grid.Gateway.Routing.Filters;

namespace Grid.Gateway.Routing;

/// <summary>Filters, scores and picks.</summary>
internal sealed class Router
{
    private readonly IRankFilter[] _filters = [new ReadyFilter(), new WishFilter(), new RoomFilter()];
    private readonly RouteBook _book;
    private readonly Action<RankState> _left;

    public Router(RouteBook book) => (_book, _left) = (book, rank => Left?.Invoke(rank));

    /// <summary>Told when a request has left a rank.</summary>
    public event Action<RankState>? Left;

    /// <summary>A rank for a request, counted as its load; null where none is ready and has room.</summary>
    public Dispatch? TryRoute(RouteQuery query)
    {
        if (_book.Current is not { } snapshot || !snapshot.Models.TryGetValue(query.Model, out var model)) return null;
        var candidates = ArrayPool<RankState>.Shared.Rent(model.Ranks.Length);
        var scores = ArrayPool<double>.Shared.Rent(model.Ranks.Length);
        try
        {
            var count = Filter(model, query, candidates);
            if (count == 0) return null;
            var index = snapshot.Policy.Choose(candidates.AsSpan(0, count), scores.AsSpan(0, count), query);
            return Send(candidates[index], query);
        }
        finally
        {
            ArrayPool<RankState>.Shared.Return(candidates, clearArray: true);
            ArrayPool<double>.Shared.Return(scores);
        }
    }

    private int Filter(ModelRanks model, RouteQuery query, RankState[] candidates)
    {
        var (count, equals) = (0, 0);
        foreach (var rank in model.Ranks)
            if (Allows(rank, query)) candidates[count++] = rank;
        if (query.Numerics is not { } numerics) return count;
        // Equal numerics go first: with them the answer is that of one unbroken run.
        for (var i = 0; i < count; i++)
            if (candidates[i].Route.Numerics == numerics) candidates[equals++] = candidates[i];
        return equals > 0 ? equals : count;
    }

    private bool Allows(RankState rank, RouteQuery query)
    {
        foreach (var filter in _filters)
            if (!filter.Allows(rank, query)) return false;
        return true;
    }

    private Dispatch Send(RankState rank, RouteQuery query)
    {
        var blocks = query.Blocks;
        var matched = rank.Prefixes.Match(blocks);
        rank.Prefixes.Learn(blocks);
        var tokens = query.PromptTokens - (matched * query.PromptTokens / Math.Max(1, blocks.Length));
        return rank.Dispatch(tokens, matched, _left);
    }
}
