using Grid.Engine.KVCache;
using Grid.Engine.Requests;
using Grid.Engine.Scheduling;
using Grid.Engine.Tests.Serving;
using Grid.Primitives.Options;

namespace Grid.Engine.Tests.Scheduling;

/// <summary>A scheduler whose model is a counter: every step draws the token 1 for each request that is at its end.</summary>
internal sealed class SchedulerBed
{
    private readonly SchedulerOutput _output = new();

    public SchedulerBed(int blocks = 100, int seqs = 16, int budget = 1024, bool chunked = true,
        SchedulingPolicy policy = SchedulingPolicy.Fcfs, bool caching = false)
    {
        KVCache = new(blocks, 16, caching, "m");
        Scheduler = new(new(seqs, budget, chunked, policy), KVCache);
    }

    public KVCacheManager KVCache { get; }

    public Scheduler Scheduler { get; }

    public string Running => string.Join(' ', Scheduler.Running.Select(request => request.Source.Id));

    public string Waiting => string.Join(' ', Scheduler.Waiting.Select(request => request.Source.Id));

    public Request Add(string id, int promptLength, int priority = 0, Func<SamplingParams, SamplingParams>? sampling = null)
    {
        // Every request has tokens of its own, so that nothing is shared by chance.
        var source = EngineTestBed.Request(id, [.. EngineTestBed.Prompt(promptLength, id.Sum(letter => letter))], sampling: sampling);
        return Add(source with { Priority = priority });
    }

    public Request Add(EngineRequest source)
    {
        var request = new Request(source);
        Scheduler.Add(request);
        return request;
    }

    /// <summary>Schedules; <c>a:16 b:1</c> is 16 tokens of a and one of b.</summary>
    public string Schedule(SchedulerOutput? output = null)
    {
        Scheduler.Schedule(output ?? _output);
        Scheduler.CheckIntegrity();
        return string.Join(' ',
            (output ?? _output).Requests.Select(scheduled => $"{scheduled.Request.Source.Id}:{scheduled.NumScheduledTokens}"));
    }

    public void Complete(SchedulerOutput? output = null)
    {
        foreach (var scheduled in (output ?? _output).Requests)
            if (Scheduler.Complete(scheduled) && scheduled.NumComputedTokens + scheduled.NumScheduledTokens == scheduled.Request.NumTokens)
                scheduled.Request.Append(1);
        Scheduler.CheckIntegrity();
    }

    public string Step()
    {
        var scheduled = Schedule();
        Complete();
        return scheduled;
    }

    public IReadOnlyList<ScheduledRequest> Scheduled => _output.Requests;
}
