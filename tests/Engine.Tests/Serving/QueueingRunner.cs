using Grid.Engine.Execution;
using Grid.Engine.KVCache;
using Grid.Engine.Scheduling;

namespace Grid.Engine.Tests.Serving;

/// <summary>A runner of one stage that takes steps ahead, as a device with a queue does.</summary>
internal sealed class QueueingRunner(IModelRunner inner, int maxStepsInFlight) : IModelRunner
{
    private readonly Queue<SchedulerOutput> _steps = new();

    public ModelRunnerInfo Info => inner.Info;

    public int MaxStepsInFlight => maxStepsInFlight;

    public IKVCacheStorage KVCache => inner.KVCache;

    public void Submit(SchedulerOutput step)
    {
        Assert.True(_steps.Count < maxStepsInFlight, "A step was submitted that nobody asked for.");
        Assert.All(step.Requests, scheduled =>
            Assert.True(scheduled.NumComputedTokens + scheduled.NumScheduledTokens <= scheduled.Request.NumTokens));
        _steps.Enqueue(step);
    }

    public ModelRunnerOutput Collect()
    {
        inner.Submit(_steps.Dequeue());
        return inner.Collect();
    }

    public void Dispose() => inner.Dispose();
}
