namespace Grid.Engine.Scheduling;

/// <summary>One step's work. The object is reused: it is valid until the next step is scheduled.</summary>
public sealed class SchedulerOutput
{
    /// <summary>Number of the step, from 1.</summary>
    public long Step { get; internal set; }

    /// <summary>Requests in this step; a request stands in it at most once.</summary>
    public IReadOnlyList<ScheduledRequest> Requests => Scheduled;

    /// <summary>Tokens of all requests together.</summary>
    public int NumTokens { get; internal set; }

    /// <summary>Logit rows of all requests together.</summary>
    public int NumLogits { get; internal set; }

    internal List<ScheduledRequest> Scheduled { get; } = [];
}
