namespace Grid.Engine.Parallelism.Shards;

/// <summary>
/// Where shards that load one after the other wait for the last of them, because what follows needs all. Unlike collectives, loading has no
/// deadline.
/// </summary>
/// <param name="shards">The number of shards.</param>
internal sealed class LoadBarrier(int shards)
{
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = shards;
    private Exception? _failure;

    /// <summary>Notes that a shard is loaded, and returns when all are. Throws what another shard failed with.</summary>
    public void Arrive()
    {
        if (Interlocked.Decrement(ref _left) == 0) _all.TrySetResult();
        _all.Task.GetAwaiter().GetResult();
    }

    /// <summary>Ends the others' wait.</summary>
    /// <returns>The first failure: later ones only say that another shard is gone.</returns>
    public Exception Fail(Exception exception)
    {
        var first = Interlocked.CompareExchange(ref _failure, exception, null) ?? exception;
        _all.TrySetException(first);
        return first;
    }
}
