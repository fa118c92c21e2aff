using Grid.Engine.Execution;
using Grid.Engine.Kernels;

namespace Grid.Engine.Parallelism;

/// <summary>A step on its way through the shards. Reused.</summary>
internal sealed class StepInFlight : IDisposable
{
    private readonly object _gate = new();
    private int _left;
    private bool _abandoned;

    /// <summary>What is computed.</summary>
    public StepBatch Batch { get; } = new();

    /// <summary>Takes the logit rows.</summary>
    public NativeBuffer<float> Logits { get; } = new();

    /// <summary>The rows.</summary>
    public ModelRunnerOutput Output { get; set; }

    /// <summary>Begins another step.</summary>
    /// <param name="shards">How many have to compute it.</param>
    public void Begin(int shards) => Volatile.Write(ref _left, shards);

    /// <summary>A shard is done.</summary>
    public void Complete()
    {
        if (Interlocked.Decrement(ref _left) > 0) return;
        lock (_gate) Monitor.PulseAll(_gate);
    }

    /// <summary>Nobody is to wait for the shards any more: one of them failed, and others may never be done.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _abandoned = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until all shards are done, or one has failed.</summary>
    public void Wait()
    {
        if (Volatile.Read(ref _left) <= 0) return;
        lock (_gate)
            while (Volatile.Read(ref _left) > 0 && !_abandoned) Monitor.Wait(_gate);
    }

    public void Dispose() => Logits.Dispose();
}
