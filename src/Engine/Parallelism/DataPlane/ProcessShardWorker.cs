using System.Diagnostics;
using Grid.Engine.Execution;
using Grid.Engine.Parallelism.Collectives;
using Grid.Engine.Parallelism.Experts;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>A shard in a process that this one started, and ends.</summary>
internal sealed class ProcessShardWorker(string name, Process process, FrameLink link, ShardOrder order, ExpertClient? experts, Action<Exception> failed) : IShardWorker
{
    private readonly RemoteShardWorker _shard = new($"{name} (process {process.Id})", link, order, experts, failed);

    public ModelRunnerInfo Info => _shard.Info;

    public long BusyTicks => _shard.BusyTicks;

    public CollectiveTimes Times => _shard.Times;

    public string? Waits => _shard.Waits;

    public Task InitializeKVCache(int numBlocks) => _shard.InitializeKVCache(numBlocks);

    public void Post(StepInFlight step, int shard) => _shard.Post(step, shard);

    public void Stop()
    {
        _shard.Stop();
        ShardCommand.WaitForExit(process);
    }
}
