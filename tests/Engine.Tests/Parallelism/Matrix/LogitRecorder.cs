using Grid.Engine.Execution;
using Grid.Engine.KVCache;
using Grid.Engine.Scheduling;

namespace Grid.Engine.Tests.Parallelism.Matrix;

/// <summary>Keeps every logit row by request and position, of a runner with any number of stages.</summary>
/// <param name="inner">Computes.</param>
/// <param name="begin">The first step ends when all requests are there, so that they always meet.</param>
internal sealed class LogitRecorder(IModelRunner inner, ManualResetEventSlim begin) : IModelRunner
{
    private readonly Queue<SchedulerOutput> _inFlight = new();

    public Dictionary<(string Request, int Position), float[]> Rows { get; } = [];

    public int NumStages => inner.NumStages;

    public ModelRunnerInfo Info => inner.Info;

    public IKVCacheStorage KVCache => inner.KVCache;

    public void Submit(SchedulerOutput step)
    {
        inner.Submit(step);
        _inFlight.Enqueue(step);
    }

    public ModelRunnerOutput Collect()
    {
        begin.Wait();
        var step = _inFlight.Dequeue();
        var output = inner.Collect();
        var row = 0;
        foreach (var scheduled in step.Requests)
        {
            var end = scheduled.NumComputedTokens + scheduled.NumScheduledTokens;
            for (var position = end - scheduled.NumLogits; position < end; position++)
                Keep((scheduled.Request.Source.Id, position), output.Logits[row++]);
        }

        return output;
    }

    public void Dispose() => inner.Dispose();

    // A position that is computed again, after a preemption, must come out the same.
    private void Keep((string Request, int Position) key, ReadOnlySpan<float> row)
    {
        if (!Rows.TryAdd(key, row.ToArray()))
            Assert.True(row.SequenceEqual(Rows[key]), $"{key} came out otherwise when it was computed again.");
    }
}
