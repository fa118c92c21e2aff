using Grid.Abstractions.Grains;
using Grid.Abstractions.Replicas;
using Grid.Grains.Placement;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Shards;

/// <inheritdoc cref="IAttentionRankGrain"/>
[NodePlacement]
internal sealed class AttentionRankGrain(IShardHost host, TimeProvider timeProvider, ILogger<AttentionRankGrain> logger)
    : Grain, IAttentionRankGrain
{
    // Room is asked of ranks that serve; one that does not answer will hardly take streams.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(1);

    // Lost with the activation: what was asked for is then free again at the hand-over, and not before.
    private readonly HashSet<HandOverRank> _asked = [];
    private readonly ShardIncarnation _incarnation = new();
    private RankId _rank;
    private long _epoch;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_rank, _epoch) = GrainKeys.ParseRank(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ShardStatus?> Apply(ShardDirective directive)
    {
        if (!_incarnation.Accepts(directive)) return Task.FromResult<ShardStatus?>(null);
        var held = host.Apply(directive);
        if (directive is { Target: ReplicaTarget.Drain, HandOverAt: { } at, HandOverTo: { } ranks }) _ = ReserveElsewhereAsync(ranks, at);
        else if (directive.Target == ReplicaTarget.Serve && _asked.Count > 0) _ = ReleaseAsync();
        return Task.FromResult(held);
    }

    /// <inheritdoc/>
    public Task<RankStatus?> GetStatus() => Task.FromResult(host.FindRank(_rank, _epoch));

    /// <inheritdoc/>
    public Task<int> Reserve(RankId leaving, int streams, DateTimeOffset until) =>
        Task.FromResult(host.ReserveRoom(_rank, _epoch, leaving, streams, until));

    private async Task ReserveElsewhereAsync(HandOverRank[] ranks, DateTimeOffset at)
    {
        var streams = (await GetStatus())?.Streams ?? 0;
        foreach (var rank in ranks)
        {
            if (streams <= 0) return;
            _asked.Add(rank);
            streams -= await AskAsync(rank, streams, at);
        }
    }

    private async Task ReleaseAsync()
    {
        HandOverRank[] asked = [.. _asked];
        _asked.Clear();
        foreach (var rank in asked) await AskAsync(rank, 0, timeProvider.GetUtcNow());
    }

    private async Task<int> AskAsync(HandOverRank rank, int streams, DateTimeOffset until)
    {
        try
        {
            var grain = GrainFactory.GetGrain<IAttentionRankGrain>(GrainKeys.Rank(rank.Rank, rank.Epoch, rank.Node));
            return await grain.Reserve(_rank, streams, until).WaitAsync(AnswerTimeout, timeProvider);
        }
        catch (Exception e)
        {
            logger.NoRoom(e, rank.Rank, _rank);
            return 0;
        }
    }
}
