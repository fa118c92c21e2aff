using Grid.Abstractions.Http;
using Grid.Abstractions.Replicas;
using Grid.Engine.Serving;

namespace Grid.Silo.Ranks;

/// <summary>
/// A data-parallel rank that answers requests on this node: a model under its names, at one epoch. Safe to use from any thread.
/// </summary>
public sealed class ServedRank : IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly EngineWatch _watch;
    private readonly MeanTimeToFirstToken _timeToFirstToken;

    internal ServedRank(RankIdentity identity, ServedModel model, TimeProvider timeProvider)
    {
        (Identity, Model, _timeProvider) = (identity, model, timeProvider);
        _watch = new EngineWatch(timeProvider);
        _timeToFirstToken = new MeanTimeToFirstToken(timeProvider);
        Created = timeProvider.GetUtcNow();
    }

    /// <summary>What it is called.</summary>
    public RankIdentity Identity { get; }

    /// <summary>smollm2/r0/dp0.</summary>
    public RankId Id => Identity.Id;

    /// <summary>The model that answers; it is disposed by the code that registered it.</summary>
    public ServedModel Model { get; }

    /// <summary>When it was registered.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>Whether new requests are taken.</summary>
    public bool Accepting => Requests.Accepting;

    /// <summary>Requests in flight.</summary>
    public int Streams => Requests.Count;

    /// <summary>
    /// What its step was last seen to wait for long; it outlives the engine, which fails when the shard that is waited for is given up.
    /// </summary>
    public string? LongWait { get; private set; }

    internal RequestTracker Requests { get; } = new();

    /// <summary>Answers new requests with 503 and <c>X-Grid-Retry</c> from now on.</summary>
    public void StopAccepting() => Requests.Accepting = false;

    /// <summary>Takes new requests again: the drain was cancelled.</summary>
    public void Accept() => Requests.Accepting = true;

    /// <summary>Completes when no request is in flight.</summary>
    public Task WhenIdle() => Requests.WhenIdle();

    /// <summary>
    /// Takes no new request, and ends each one in flight so that the gateway resumes it elsewhere; clients without a gateway get an error.
    /// </summary>
    /// <returns>The number of requests there were, once all have ended.</returns>
    public async Task<int> HandOverAsync(HandOverReason reason)
    {
        StopAccepting();
        var cut = Requests.Cut(NameOf(reason));
        await WhenIdle();
        return cut;
    }

    /// <summary>Takes no new request and lets those in flight end; those left at the deadline are handed over.</summary>
    /// <param name="timeout">How long they may take; infinite for no limit.</param>
    /// <param name="cancellationToken">Ends the wait, not the drain: see <see cref="Accept"/>.</param>
    /// <returns>How many were handed over.</returns>
    public Task<int> DrainAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        Requests.DrainAsync(timeout, NameOf(HandOverReason.Drain), _timeProvider, cancellationToken);

    /// <summary>For how long the engine has had work and made no step; zero where it moves or rests.</summary>
    public TimeSpan InSameStep(EngineStatus status) => _watch.InSameStep(status);

    /// <summary>Looks at the engine and remembers a long wait of its step.</summary>
    /// <returns>Why the engine has stopped, and a wait that was not known before; null where there is none.</returns>
    public (string? Failure, string? NewWait) Check()
    {
        var status = Model.Engine.GetStatus();
        if (status.Failure is not null) return (status.Failure, null);
        var before = LongWait;
        LongWait = status.Waits;
        return (null, LongWait != before ? LongWait : null);
    }

    /// <summary>Its load now.</summary>
    /// <param name="stuckAfter">How long an engine with work may complete no step before it counts as stuck.</param>
    public RankStatus GetStatus(TimeSpan stuckAfter)
    {
        var (status, info) = (Model.Engine.GetStatus(), Model.Engine.Info);
        var state = status.Failure is not null ? ShardState.Failed : Accepting ? ShardState.Ready : ShardState.Draining;
        return new RankStatus(
            Identity.Replica, Identity.Epoch, Identity.Rank, state, status.Running, status.Waiting, status.QueuedTokens, Streams,
            status.KVCacheUsage,
            info.KVCacheTokens, info.MaxConcurrency, info.MaxModelLen, Model.Options.MaxNumSeqs, info.Numerics,
                _timeToFirstToken.Read(status),
            status.Failure is not null || InSameStep(status) >= stuckAfter, status.Waits);
    }

    /// <summary>Ends the bookkeeping; the model lives on.</summary>
    public void Dispose() => Requests.Dispose();

    private static string NameOf(HandOverReason reason) => reason == HandOverReason.Drain ? HandOverReasons.Drain : HandOverReasons.Lost;
}
