using Grid.Engine.Kernels;
using Grid.Engine.Sampling;
using Grid.Engine.Scheduling;
using Grid.Engine.Steps;
using Grid.Primitives.Timing;

namespace Grid.Engine.Parallelism.Shards;

/// <summary>A step on its way through the shards. Reused for later steps.</summary>
internal sealed class StepInFlight : IDisposable
{
    private readonly Signal _signal = new();
    private bool[] _done = [];
    private int _left;
    private bool _abandoned;

    /// <summary>The step as the scheduler made it; only the driver reads it.</summary>
    public SchedulerOutput? Step { get; set; }

    /// <summary>What the shards compute.</summary>
    public StepBatch Batch { get; } = new();

    /// <summary>Memory for the logit rows.</summary>
    public NativeBuffer<float> Logits { get; } = new();

    /// <summary>The logit rows.</summary>
    public LogitRows Rows { get; set; }

    /// <summary>The numbers of the shards that have not computed the step yet.</summary>
    public IEnumerable<int> Missing =>
        Enumerable.Range(0, _done.Length).Where(shard => !Volatile.Read(ref _done[shard]));

    /// <summary>Begins another step.</summary>
    /// <param name="shards">The number of shards that compute it.</param>
    public void Begin(int shards)
    {
        if (_done.Length != shards) _done = new bool[shards];
        Array.Clear(_done);
        Volatile.Write(ref _left, shards);
    }

    /// <summary>Notes that a shard has computed the step.</summary>
    public void Complete(int shard)
    {
        Volatile.Write(ref _done[shard], true);
        if (Interlocked.Decrement(ref _left) > 0) return;
        _signal.Notify();
    }

    /// <summary>Ends waits for the step: a shard has failed, and others may never compute it.</summary>
    public void Abandon()
    {
        lock (_signal) _abandoned = true;
        _signal.Notify();
    }

    /// <summary>Waits until all shards have computed the step, or one has failed.</summary>
    /// <returns>False if the deadline passed first.</returns>
    public bool Wait(Deadline deadline)
    {
        if (Volatile.Read(ref _left) <= 0) return true;
        lock (_signal)
            return _signal.WaitUntil(this, static step => Volatile.Read(ref step._left) <= 0 || step._abandoned, deadline);
    }

    public void Dispose() => Logits.Dispose();
}
