using Grid.Engine.Execution;
using Grid.Engine.Kernels;

namespace Grid.Engine.Parallelism;

/// <summary>A step on its way through the shards. Reused.</summary>
internal sealed class StepInFlight : IDisposable
{
    private readonly object _gate = new();
    private bool[] _done = [];
    private int _left;
    private bool _abandoned;

    /// <summary>What is computed.</summary>
    public StepBatch Batch { get; } = new();

    /// <summary>Takes the logit rows.</summary>
    public NativeBuffer<float> Logits { get; } = new();

    /// <summary>The rows.</summary>
    public ModelRunnerOutput Output { get; set; }

    /// <summary>Shards that are not done, by number.</summary>
    public IEnumerable<int> Missing => Enumerable.Range(0, _done.Length).Where(shard => !Volatile.Read(ref _done[shard]));

    /// <summary>Begins another step.</summary>
    /// <param name="shards">How many have to compute it.</param>
    public void Begin(int shards)
    {
        if (_done.Length != shards) _done = new bool[shards];
        Array.Clear(_done);
        Volatile.Write(ref _left, shards);
    }

    /// <summary>A shard is done.</summary>
    public void Complete(int shard)
    {
        Volatile.Write(ref _done[shard], true);
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
    /// <returns>False if the time passed first.</returns>
    public bool Wait(TimeSpan timeout)
    {
        if (Volatile.Read(ref _left) <= 0) return true;
        lock (_gate)
        {
            var end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
            while (Volatile.Read(ref _left) > 0 && !_abandoned)
            {
                var left = end - Environment.TickCount64;
                if (left <= 0) return false;
                Monitor.Wait(_gate, (int)Math.Min(left, int.MaxValue));
            }
        }

        return true;
    }

    public void Dispose() => Logits.Dispose();
}
