using Grid.Abstractions.Routing;

namespace Grid.Gateway.Routing;

/// <summary>A rank at one epoch as this gateway knows it.</summary>
internal sealed class RankState(RankRoute route, TimeProvider timeProvider)
{
    // A dispatch younger than this may be missing from a report that comes now.
    private static readonly TimeSpan ReportLag = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<Dispatch> _since = [];
    private volatile RankRoute _route = route;
    private int _sinceRequests;
    private long _sinceTokens;
    private int _endedSince;
    private int _inFlight;

    /// <summary>What the table says.</summary>
    public RankRoute Route => _route;

    /// <summary>The rank.</summary>
    public RankId Id { get; } = route.Id;

    /// <summary>The id's text, for logs and metrics.</summary>
    public string Name { get; } = route.Id.ToString();

    /// <summary>For rendezvous hashing.</summary>
    public ulong Hash { get; } = RouteHash.Of(route.Id.ToString());

    /// <summary>The number of the data-parallel rank in its replica.</summary>
    public int DataParallelRank => Id.Number;

    public PrefixIndex Prefixes { get; } = new(route.KVTokens);

    public RankHealth Health { get; } = new(timeProvider);

    /// <summary>Requests of this gateway that have not ended.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public RankLoad Load
    {
        get
        {
            lock (_gate)
            {
                var report = _route;
                var requests = Math.Max(_inFlight, report.Running + report.Waiting - _endedSince + _sinceRequests);
                return new RankLoad(requests, report.QueuedTokens + _sinceTokens);
            }
        }
    }

    /// <summary>A newer table: what it surely counts is not counted twice.</summary>
    public void Update(RankRoute newer)
    {
        lock (_gate)
        {
            _route = newer;
            _endedSince = 0;
            while (_since.TryPeek(out var dispatch) && timeProvider.GetElapsedTime(dispatch.SentAt) >= ReportLag)
            {
                _since.Dequeue();
                Uncount(dispatch);
            }
        }
    }

    /// <summary>Counts a request, from now until it is disposed.</summary>
    /// <param name="tokens">Of its prompt that are to be computed.</param>
    /// <param name="expectedBlocks">Blocks of its prompt that the rank is thought to have.</param>
    /// <param name="ended">Told when it has ended.</param>
    public Dispatch Dispatch(long tokens, int expectedBlocks, Action<RankState> ended)
    {
        var dispatch = new Dispatch(this, timeProvider.GetTimestamp(), tokens, expectedBlocks, ended);
        lock (_gate)
        {
            _inFlight++;
            _sinceRequests++;
            _sinceTokens += tokens;
            _since.Enqueue(dispatch);
        }

        return dispatch;
    }

    /// <summary>Its prompt is computed.</summary>
    public void Started(Dispatch dispatch)
    {
        lock (_gate)
        {
            if (dispatch.IsCounted) _sinceTokens -= dispatch.Tokens;
            dispatch.Tokens = 0;
        }
    }

    public void Ended(Dispatch dispatch)
    {
        lock (_gate)
        {
            _inFlight--;
            if (dispatch.IsCounted) Uncount(dispatch);
            else _endedSince++;
            // Nothing heaps up while no table comes.
            while (_since.TryPeek(out var oldest) && !oldest.IsCounted) _since.Dequeue();
        }
    }

    private void Uncount(Dispatch dispatch)
    {
        if (!dispatch.IsCounted) return;
        dispatch.IsCounted = false;
        _sinceRequests--;
        _sinceTokens -= dispatch.Tokens;
    }
}
