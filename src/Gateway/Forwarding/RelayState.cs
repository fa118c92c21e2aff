using Grid.Gateway.Routing;

namespace Grid.Gateway.Forwarding;

/// <summary>One request over all its attempts.</summary>
internal sealed class RelayState(string path, ReadOnlyMemory<byte> body, RequestHead head, string requestId, long created, long seed) : IDisposable
{
    private readonly List<ChoiceProgress> _choices = [];

    /// <summary>/v1/completions or /v1/chat/completions.</summary>
    public string Path { get; } = path;

    public ReadOnlyMemory<byte> Body { get; } = body;

    public RequestHead Head { get; } = head;

    public string RequestId { get; } = requestId;

    public long Created { get; } = created;

    public long Seed { get; } = seed;

    /// <summary>Number of the attempt that runs, from 0.</summary>
    public int Attempt { get; set; }

    /// <summary>Whether an event was committed: from then on the request goes on and does not begin anew.</summary>
    public bool IsBegun { get; set; }

    /// <summary>Tokens of all choices.</summary>
    public long Tokens { get; private set; }

    public IReadOnlyList<ChoiceProgress> Choices => _choices;

    /// <summary>Where the answer came from first.</summary>
    public RankState? Origin { get; set; }

    /// <summary>The choices as a resume tells them: all of the request, begun or not.</summary>
    public IReadOnlyList<ChoiceProgress> AllChoices()
    {
        while (_choices.Count < Head.NumChoices) _choices.Add(new ChoiceProgress());
        return _choices;
    }

    /// <summary>Takes what an event tells; false where it does not follow on what is there.</summary>
    public bool TryApply(ProgressReader progress, bool hasData)
    {
        if (progress.Attempt != Attempt || progress.Choice >= Head.NumChoices) return false;
        while (_choices.Count <= progress.Choice) _choices.Add(new ChoiceProgress());
        var choice = _choices[progress.Choice];
        if (progress.Tokens.Length > 0 && (progress.Index != choice.Count || choice.Finish is not null)) return false;
        choice.Apply(progress, hasData);
        Tokens += progress.Tokens.Length;
        return true;
    }

    public void Dispose()
    {
        foreach (var choice in _choices) choice.Dispose();
    }
}
