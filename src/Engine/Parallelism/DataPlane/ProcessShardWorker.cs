using System.Diagnostics;
using Grid.Engine.Execution;
using Grid.Engine.Parallelism.Collectives;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>A shard in a process that this one started, and ends.</summary>
internal sealed class ProcessShardWorker(string name, Process process, FrameLink link, ShardOrder order, bool hasLogits, Action<Exception> failed) : IShardWorker
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(5);

    private readonly RemoteShardWorker _shard = new($"{name} (process {process.Id})", link, order, hasLogits, failed);

    public ModelRunnerInfo Info => _shard.Info;

    public long BusyTicks => _shard.BusyTicks;

    public CollectiveTimes Times => _shard.Times;

    public Task InitializeKVCache(int numBlocks) => _shard.InitializeKVCache(numBlocks);

    public void Post(StepInFlight step, int shard) => _shard.Post(step, shard);

    public void Stop()
    {
        _shard.Stop();
        // One that hangs does not see that its link is closed.
        if (!process.WaitForExit(ExitTimeout)) process.Kill();
        process.Dispose();
    }
}
