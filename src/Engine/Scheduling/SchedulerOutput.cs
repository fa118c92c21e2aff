using Grid.Engine.Sampling;

namespace Grid.Engine.Scheduling;

/// <summary>One step's work. The object is reused: it is valid until the next step is scheduled.</summary>
internal sealed class SchedulerOutput
{
    /// <summary>Number of the step, from 1.</summary>
    public long Step { get; internal set; }

    /// <summary>Requests in this step, each at most once.</summary>
    public IReadOnlyList<ScheduledRequest> Requests => Scheduled;

    /// <summary>Tokens of all requests together.</summary>
    public int NumTokens { get; internal set; }

    /// <summary>Logit rows of all requests together.</summary>
    public int NumLogits { get; internal set; }

    /// <summary>What is asked of the logit rows; who submits the step fills it.</summary>
    public SamplingBatch Sampling { get; } = new();

    internal List<ScheduledRequest> Scheduled { get; } = [];

    internal void Reset(long step)
    {
        (Step, NumTokens, NumLogits) = (step, 0, 0);
        Scheduled.Clear();
        Sampling.Clear();
    }

    internal void Add(in ScheduledRequest scheduled)
    {
        Scheduled.Add(scheduled);
        NumTokens += scheduled.NumScheduledTokens;
        NumLogits += scheduled.NumLogits;
    }

    /// <summary>Takes a request out again that was added to this step.</summary>
    /// <returns>The tokens it was given, or 0 if it is not in the step.</returns>
    internal int Remove(Requests.Request request)
    {
        var index = Scheduled.FindIndex(scheduled => ReferenceEquals(scheduled.Request, request));
        if (index < 0) return 0;
        var removed = Scheduled[index];
        Scheduled.RemoveAt(index);
        NumTokens -= removed.NumScheduledTokens;
        NumLogits -= removed.NumLogits;
        return removed.NumScheduledTokens;
    }
}
