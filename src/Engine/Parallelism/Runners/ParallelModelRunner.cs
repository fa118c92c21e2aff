using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Grid.Engine.Collectives;
using Grid.Engine.Configuration;
using Grid.Engine.Execution;
using Grid.Engine.Experts;
using Grid.Engine.Geometry;
using Grid.Engine.KVCache;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Parallelism.Processes;
using Grid.Engine.Parallelism.Remote;
using Grid.Engine.Parallelism.Shards;
using Grid.Engine.Scheduling;
using Grid.Engine.Weights;
using Grid.Primitives.Timing;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Runners;

/// <summary>Drives the P x T shards of one model, on threads or in processes. Up to P steps are in flight.</summary>
internal sealed class ParallelModelRunner : IModelRunner, IRunnerTelemetry
{
    private readonly IShardWorker[] _workers;
    private readonly IReadOnlyList<string> _names;
    private readonly IShardBackend _backend;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _longWait;
    private readonly TimeProvider _time;
    private readonly ExpertClient? _experts;
    private readonly StepInFlight[] _steps;
    private readonly HostSampler _sampler = new();
    private readonly object _failureGate = new();
    private Exception? _failure;
    private ShardedKVCache _cache = null!;
    private long _submitted;
    private long _collected;
    private long _activeSince;
    private long _activeTicks;
    private long _collectSince;

    private ParallelModelRunner(int stages, EngineOptions options, IShardBackend backend, ExpertClient? experts, TimeProvider time)
    {
        NumStages = stages;
        (_experts, _time) = (experts, time);
        (_timeout, _longWait) = (options.GroupTimeout, options.LongWait);
        _backend = backend;
        _names = backend.Names;
        _steps = [.. Enumerable.Range(0, stages).Select(_ => new StepInFlight())];
        _workers = backend.Start(Fail);
        ShardTimes = [.. _workers.Select((worker, shard) => (_names[shard], worker.Times))];
    }

    public int NumStages { get; }

    // Each stage may wait for the one before it as long as a collective may. A collective knows better who is late, so its error comes
    // first.
    private TimeSpan Patience => _timeout * (NumStages + 1);

    public ModelRunnerInfo Info { get; private set; } = null!;

    public IRunnerTelemetry Telemetry => this;

    public long Progress => _workers.Sum(worker => worker.Progress);

    public long BusyTicks => _workers.Sum(worker => worker.BusyTicks);

    public IReadOnlyList<(string Shard, CollectiveTimes Times)> ShardTimes { get; }

    public double? BubbleShare
    {
        get
        {
            var active = Volatile.Read(ref _activeTicks);
            return active == 0 ? 0 : Math.Clamp(1 - BusyTicks / ((double)active * _workers.Length), 0, 1);
        }
    }

    public string? Waits
    {
        get
        {
            var since = Volatile.Read(ref _collectSince);
            if (since == 0) return null;
            foreach (var worker in _workers)
                if (worker.Waits is { } wait) return wait;
            // Twice as long: shards that wait for others know better what for. A shard that no other waits for is missed only here.
            if (_time.GetElapsedTime(since) < _longWait * 2) return null;
            var slot = _steps[(Volatile.Read(ref _collected) + NumStages - 1) % NumStages];
            return CollectiveWait.Describe("compute", slot.Batch.Step, string.Join(", ", slot.Missing.Select(shard => _names[shard])));
        }
    }

    public ExpertUsage? ExpertUsage => _experts?.Usage;

    /// <summary>Loads all shards, each its own slice of the checkpoint.</summary>
    /// <param name="weights">The checkpoint, for shards of this process; null: dummy weights.</param>
    /// <param name="options">The parallel sizes, the backend and the devices.</param>
    /// <param name="experts">The rank's access to expert shards; null: each shard has its slice of all experts.</param>
    /// <param name="remote">Where the shards of a rank over several nodes are; null: all on this host.</param>
    /// <param name="progress">Reports bytes read, or null.</param>
    /// <param name="logger">Logs choices that were made.</param>
    /// <param name="time">The clock that waits follow; null: the system's.</param>
    /// <exception cref="ModelLoadException">The sizes do not suit the model, or a shard cannot be loaded.</exception>
    public static ParallelModelRunner Load(
        ModelConfig config,
        IWeightSource? weights,
        EngineOptions options,
        ExpertClient? experts,
        RemoteShards? remote,
        IProgress<LoadProgress>? progress,
        ILogger logger,
        TimeProvider? time = null)
    {
        var layers = PipelinePartition.Divide(config.NumHiddenLayers, options.PipelineParallelSize, options.PipelineLayerPartition);
        if (layers.Length > 1) logger.PipelineLayers(PipelinePartition.Describe(layers));
        var clock = time ?? TimeProvider.System;
        IShardBackend backend = remote is not null ? new GridBackend(options, layers, remote, experts)
            : options.DistributedExecutorBackend == ExecutorBackend.Process ? new ProcessBackend(options, layers, experts, logger)
            : new ThreadBackend(config, weights, options, layers, experts, progress, logger, clock);
        var runner = new ParallelModelRunner(layers.Length, options, backend, experts, clock);
        try
        {
            runner.Info = Combine([.. runner._workers.Select(worker => worker.Info)]);
            runner._cache = new ShardedKVCache(runner._workers, runner.Info.KVBlock);
            return runner;
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    public IKVCacheStorage KVCache => _cache;

    public void Submit(SchedulerOutput step)
    {
        if (_submitted - _collected == NumStages)
            throw new InvalidOperationException($"Steps in flight must be at most {NumStages}.");
        if (_submitted == _collected) _activeSince = Stopwatch.GetTimestamp();
        _experts?.CountStep();
        var slot = _steps[_submitted++ % NumStages];
        slot.Step = step;
        slot.Batch.Fill(step);
        _cache.Commit(slot.Batch.Blocks);
        slot.Begin(_workers.Length);
        for (var shard = 0; shard < _workers.Length; shard++) _workers[shard].Post(slot, shard);
    }

    public ModelRunnerOutput Collect()
    {
        var slot = _steps[_collected++ % NumStages];
        // A clock may begin at 0, which stands for no wait.
        Volatile.Write(ref _collectSince, Math.Max(1, _time.GetTimestamp()));
        var inTime = slot.Wait(Deadline.After(_time, Patience));
        Volatile.Write(ref _collectSince, 0);
        if (_submitted == _collected) Volatile.Write(ref _activeTicks, _activeTicks + Stopwatch.GetTimestamp() - _activeSince);
        lock (_failureGate)
            if (_failure is { } failure) throw new CollectiveException(failure.Message, failure);
        if (!inTime)
            throw CollectiveException.TimedOut("compute", slot.Batch.Step, Patience, slot.Missing.Select(shard => _names[shard]));
        return _sampler.Answer(slot.Step!, slot.Rows, Info.VocabSize);
    }

    public void Interrupt()
    {
        _experts?.Interrupt();
        // A shard that hangs would hold up the step until the deadline of a collective, and shards that see another one end have not
        // failed.
        Fail(new OperationCanceledException("The rank is being unloaded."));
    }

    public void Dispose()
    {
        Interrupt();
        // Together, because NCCL wants all members of a node to leave at the same time.
        Task.WaitAll([.. _workers.Select(worker =>
            Task.Factory.StartNew(worker.Stop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))]);
        _backend.Dispose();
        foreach (var step in _steps) step.Dispose();
    }

    private void Fail(Exception exception)
    {
        // The failures of the others that follow only say that this one is gone.
        lock (_failureGate) _failure ??= exception;
        foreach (var step in _steps) step.Abandon();
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private static ModelRunnerInfo Combine(ModelRunnerInfo[] shards) => shards[0] with
    {
        BytesPerBlock = shards.Max(shard => shard.BytesPerBlock),
        KVBlock = KVBlockLayout.Join([.. shards.Select(shard => shard.KVBlock)]),
        KVCacheBytes = shards.Min(shard => shard.KVCacheBytes),
        Numerics = Digest(string.Join('|', shards.Select(shard => shard.Numerics))),
    };
}
