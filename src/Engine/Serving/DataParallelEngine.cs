using System.Collections.Concurrent;
using System.Threading.Channels;
using Grid.Engine.Requests;

namespace Grid.Engine.Serving;

/// <summary>
/// Data-parallel attention ranks behind one engine, for a process without a gateway: a request goes whole to the rank with the least to do.
/// </summary>
/// <param name="ranks">Engines of one model, each with its own KV cache.</param>
internal sealed class DataParallelEngine(IReadOnlyList<IInferenceEngine> ranks) : IInferenceEngine
{
    // vLLM's weight of a waiting request against a running one.
    private const int WaitingWeight = 4;

    private readonly ConcurrentDictionary<string, IInferenceEngine> _placed = new();
    private readonly Lock _choice = new();
    private int _next;

    /// <summary>The ranks are alike; the shortest length and the smallest cache of them count.</summary>
    public EngineInfo Info { get; } = ranks[0].Info
        with
    { NumGpuBlocks = ranks.Min(rank => rank.Info.NumGpuBlocks), MaxModelLen = ranks.Min(rank => rank.Info.MaxModelLen) };

    /// <inheritdoc/>
    public IReadOnlyList<ChannelReader<EngineOutput>> Submit(IReadOnlyList<EngineRequest> group)
    {
        // Under the lock, so that two callers do not both see the same rank idle.
        lock (_choice)
        {
            var rank = LeastLoaded();
            var readers = rank.Submit(group);
            for (var i = 0; i < group.Count; i++) Remember(group[i].Id, rank, readers[i]);
            return readers;
        }
    }

    /// <inheritdoc/>
    public void Abort(string requestId)
    {
        if (_placed.TryGetValue(requestId, out var rank)) rank.Abort(requestId);
    }

    /// <inheritdoc/>
    public void Stop(string requestId)
    {
        if (_placed.TryGetValue(requestId, out var rank)) rank.Stop(requestId);
    }

    /// <inheritdoc/>
    public Task DrainAsync(CancellationToken cancellationToken = default) =>
        Task.WhenAll(ranks.Select(rank => rank.DrainAsync(cancellationToken)));

    /// <inheritdoc/>
    public EngineStatus GetStatus() => ranks.Select(rank => rank.GetStatus()).Aggregate((left, right) => left with
    {
        Running = left.Running + right.Running,
        Waiting = left.Waiting + right.Waiting,
        FreeBlocks = left.FreeBlocks + right.FreeBlocks,
        CachedBlocks = left.CachedBlocks + right.CachedBlocks,
        UsedBlocks = left.UsedBlocks + right.UsedBlocks,
        Step = left.Step + right.Step,
        Progress = left.Progress + right.Progress,
        Preemptions = left.Preemptions + right.Preemptions,
        Draining = left.Draining || right.Draining,
        Failure = left.Failure ?? right.Failure,
        Waits = left.Waits ?? right.Waits,
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var rank in ranks) await rank.DisposeAsync().ConfigureAwait(false);
    }

    private IInferenceEngine LeastLoaded()
    {
        var (best, least) = (0, long.MaxValue);
        for (var i = 0; i < ranks.Count; i++)
        {
            // Beginning at another rank each time: equal ones take turns.
            var index = (_next + i) % ranks.Count;
            var status = ranks[index].GetStatus();
            var load = (long)WaitingWeight * status.Waiting + status.Running;
            if (status.Failure is null && load < least) (best, least) = (index, load);
        }

        _next = (best + 1) % ranks.Count;
        return ranks[best];
    }

    private void Remember(string requestId, IInferenceEngine rank, ChannelReader<EngineOutput> outputs)
    {
        _placed[requestId] = rank;
        _ = outputs.Completion.ContinueWith(_ => _placed.TryRemove(requestId, out IInferenceEngine? _), TaskScheduler.Default);
    }
}
