using Grid.Abstractions.Routing;

namespace Grid.Gateway.Ranks;

/// <summary>A rank at one epoch as this gateway knows it: its load, its prefixes and its failures. Thread-safe.</summary>
internal sealed class RankState(RankRoute route, TimeProvider timeProvider)
{
    // A dispatch younger than this may be missing from a report that comes now.
    private static readonly TimeSpan ReportLag = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<Dispatch> _since = [];
    private volatile RankRoute _route = route;
    private int _sinceChoices;
    private long _sinceTokens;
    private int _endedSince;
    private int _inFlight;
    private int _choices;

    /// <summary>What the newest table says.</summary>
    public RankRoute Route => _route;

    /// <summary>The rank's id as text, for logs and metrics.</summary>
    public string Id { get; } = route.Id.ToString();

    /// <summary>For rendezvous hashing.</summary>
    public ulong Hash { get; } = RouteHash.Of(route.Id.ToString());

    public int DataParallelRank => Route.Id.Number;

    public PrefixIndex Prefixes { get; } = new(route.KVTokens);

    public RankHealth Health { get; } = new();

    /// <summary>Requests of this gateway that have not ended.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>
    /// Choices that run or wait there, and prompt tokens still to be computed: its last report and what this gateway sent since.
    /// </summary>
    public (int Choices, long Tokens) Load
    {
        get
        {
            lock (_gate)
            {
                var report = _route;
                var choices = Math.Max(_choices, report.Running + report.Waiting - _endedSince + _sinceChoices);
                return (choices, report.QueuedTokens + _sinceTokens);
            }
        }
    }

    /// <summary>Takes the load of a newer table, without counting twice what it surely includes.</summary>
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

    /// <summary>Counts a request as load, from now until it is disposed.</summary>
    /// <param name="ended">Called when it has ended.</param>
    public Dispatch Dispatch(RouteQuery query, Action ended)
    {
        var blocks = query.Blocks;
        var matched = Prefixes.Match(blocks);
        Prefixes.Learn(blocks);
        var tokens = query.PromptTokens - (matched * query.PromptTokens / Math.Max(1, blocks.Length));
        var dispatch = new Dispatch(this, timeProvider.GetTimestamp(), query.Choices, tokens, matched, ended);
        lock (_gate)
        {
            _inFlight++;
            _choices += dispatch.Choices;
            _sinceChoices += dispatch.Choices;
            _sinceTokens += tokens;
            _since.Enqueue(dispatch);
        }

        return dispatch;
    }

    /// <summary>Marks the prompt of a request as computed.</summary>
    public void Started(Dispatch dispatch)
    {
        lock (_gate)
        {
            if (dispatch.IsCounted) _sinceTokens -= dispatch.Tokens;
            dispatch.Tokens = 0;
        }
    }

    /// <summary>Ends the load of a request.</summary>
    public void Ended(Dispatch dispatch)
    {
        lock (_gate)
        {
            _inFlight--;
            _choices -= dispatch.Choices;
            if (dispatch.IsCounted) Uncount(dispatch);
            else _endedSince += dispatch.Choices;
            // Nothing heaps up while no table comes.
            while (_since.TryPeek(out var oldest) && !oldest.IsCounted) _since.Dequeue();
        }
    }

    private void Uncount(Dispatch dispatch)
    {
        if (!dispatch.IsCounted) return;
        dispatch.IsCounted = false;
        _sinceChoices -= dispatch.Choices;
        _sinceTokens -= dispatch.Tokens;
    }
}
