using Grid.Abstractions.Http;
using Grid.Gateway.Ranks;

namespace Grid.Gateway.Forwarding;

/// <summary>A client's request over all its attempts.</summary>
internal sealed class GatewayRequest(HttpContext context, ReadOnlyMemory<byte> body, RequestHead head, RouteQuery query, long created,
    long seed, string? cacheSalt, ClientResponse response)
    : RoutedRequest(query), IDisposable
{
    private readonly List<ChoiceProgress> _choices = [];

    /// <summary>Path of the request, such as /v1/completions.</summary>
    public string Path { get; } = context.Request.Path.Value!;

    public ReadOnlyMemory<byte> Body { get; } = body;

    public string Model => Query.Model;

    /// <summary>Estimated number of prompt tokens.</summary>
    public long PromptTokens { get; } = head.PromptTokens;

    public string RequestId { get; } = RequestIds.Of(context);

    /// <summary>When the request came, in seconds since 1970.</summary>
    public long Created { get; } = created;

    /// <summary>Used where the client sends no seed.</summary>
    public long Seed { get; } = seed;

    /// <summary>Only requests of the same value share cached prefixes; null where all do.</summary>
    public string? CacheSalt { get; } = cacheSalt;

    /// <summary>What the client gets of a generation.</summary>
    public ClientResponse Response { get; } = response;

    /// <summary>Number of the current attempt, from 0.</summary>
    public int Attempt { get; set; }

    /// <summary>Attempts of which one is suspected and another one runs beside it.</summary>
    public AttemptRace Race { get; } = new();

    /// <summary>The rank of the attempt that ended last.</summary>
    public RankState? LastRank { get; set; }

    /// <summary>Whether an event was committed: from then on the request is resumed and does not start over.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>Time stamp of the last committed event; null before the first.</summary>
    public long? LastCommit { get; private set; }

    /// <summary>Tokens of all choices that the client has.</summary>
    public long Tokens { get; private set; }

    /// <summary>The error to answer with where the last attempt shows that no other one can help.</summary>
    public ApiException? Error { get; set; }

    /// <summary>The choices as a resume lists them: all of the request, begun or not.</summary>
    public IReadOnlyList<ChoiceProgress> AllChoices()
    {
        while (_choices.Count < head.NumChoices) _choices.Add(new ChoiceProgress());
        return _choices;
    }

    /// <summary>Takes the progress that an event brings; false where it does not continue what the client has.</summary>
    public bool TryApply(ProgressReader progress, int attempt, bool hasData)
    {
        if (progress.Attempt != attempt || progress.Choice >= head.NumChoices) return false;
        while (_choices.Count <= progress.Choice) _choices.Add(new ChoiceProgress());
        var choice = _choices[progress.Choice];
        if (progress.Tokens.Length > 0 && (progress.Index != choice.Count || choice.Finish is not null)) return false;
        choice.Apply(progress, hasData);
        Tokens += progress.Tokens.Length;
        return true;
    }

    /// <summary>An event was committed.</summary>
    /// <param name="at">The time stamp of the event.</param>
    /// <param name="rank">The rank that it came from.</param>
    public void Committed(long at, RankState rank)
    {
        LastCommit = at;
        if (IsBegun) return;
        IsBegun = true;
        // A resume goes to the revision of the first rank, and prefers its numerics.
        Query = Query with { Numerics = rank.Route.Numerics, Revision = rank.Route.Revision };
    }

    public void Dispose()
    {
        Race.Dispose();
        foreach (var choice in _choices) choice.Dispose();
    }
}
