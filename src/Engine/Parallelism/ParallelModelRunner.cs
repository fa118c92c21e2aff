using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Grid.Engine.Configuration;
using Grid.Engine.Execution;
using Grid.Engine.Parallelism.Collectives;
using Grid.Engine.Parallelism.DataPlane;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Scheduling;
using Grid.Engine.Weights;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism;

/// <summary>Drives P x T shards of one model, on threads or in processes; up to P steps are in flight.</summary>
internal sealed class ParallelModelRunner : IPipelinedModelRunner, IExpertModelRunner, ITimedShards
{
    private readonly IShardWorker[] _workers;
    private readonly IReadOnlyList<string> _names;
    private readonly IShardBackend _backend;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _longWait;
    private readonly ExpertClient? _experts;
    private readonly StepInFlight[] _steps;
    private readonly object _failureGate = new();
    private Exception? _failure;
    private long _submitted;
    private long _collected;
    private long _activeSince;
    private long _activeTicks;
    private long _collectSince;

    private ParallelModelRunner(int stages, EngineOptions options, IShardBackend backend, ExpertClient? experts)
    {
        NumStages = stages;
        _experts = experts;
        (_timeout, _longWait) = (options.GroupTimeout, options.LongWait);
        _backend = backend;
        _names = backend.Names;
        _steps = [.. Enumerable.Range(0, stages).Select(_ => new StepInFlight())];
        _workers = backend.Start(Fail);
        ShardTimes = [.. _workers.Select((worker, shard) => (_names[shard], worker.Times))];
    }

    public int NumStages { get; }

    // Each stage may wait for the one before it as long as a collective may; a collective knows better who is late, so it is to tell first.
    private TimeSpan Patience => _timeout * (NumStages + 1);

    public ModelRunnerInfo Info { get; private set; } = null!;

    public long BusyTicks => _workers.Sum(worker => worker.BusyTicks);

    public IReadOnlyList<(string Shard, CollectiveTimes Times)> ShardTimes { get; }

    public double BubbleShare
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
                if (worker.Waits is { } told) return told;
            // Twice as long: those who wait for others know better what for. One that no shard waits for is missed only here.
            if (Stopwatch.GetElapsedTime(since) < _longWait * 2) return null;
            var slot = _steps[(Volatile.Read(ref _collected) + NumStages - 1) % NumStages];
            return CollectiveWait.Describe("compute", slot.Batch.Step, string.Join(", ", slot.Missing.Select(shard => _names[shard])));
        }
    }

    public ExpertUse? ExpertUse => _experts?.Use;

    /// <summary>Loads all shards, each its own slice of the checkpoint.</summary>
    /// <exception cref="ModelLoadException">The sizes do not suit the model, or a shard cannot be loaded.</exception>
    public static ParallelModelRunner Load(
        ModelConfig config, IWeightSource? weights, EngineOptions options, ExpertClient? experts, RemoteShards? remote, IProgress<LoadProgress>? progress, ILogger logger)
    {
        var layers = PipelinePartition.Divide(config.NumHiddenLayers, options.PipelineParallelSize, options.PipelineLayerPartition);
        if (layers.Length > 1) logger.LogInformation("Pipeline layers: {Layers}", PipelinePartition.Describe(layers));
        IShardBackend backend = remote is not null ? new GridBackend(options, layers, remote, experts) : options.DistributedExecutorBackend == ExecutorBackend.Process
            ? new ProcessBackend(options, layers, experts, logger)
            : new ThreadBackend(config, weights, options, layers, experts, progress, logger);
        var runner = new ParallelModelRunner(layers.Length, options, backend, experts);
        try
        {
            runner.Info = Combine([.. runner._workers.Select(worker => worker.Info)]);
            return runner;
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    public void InitializeKVCache(int numBlocks) => Task.WhenAll([.. _workers.Select(worker => worker.InitializeKVCache(numBlocks))]).GetAwaiter().GetResult();

    public ModelRunnerOutput Execute(SchedulerOutput step)
    {
        Submit(step);
        return Collect();
    }

    public void Submit(SchedulerOutput step)
    {
        if (_submitted - _collected == NumStages) throw new InvalidOperationException($"{NumStages} steps are in flight already.");
        if (_submitted == _collected) _activeSince = Stopwatch.GetTimestamp();
        _experts?.CountStep();
        var slot = _steps[_submitted++ % NumStages];
        slot.Batch.Fill(step);
        slot.Begin(_workers.Length);
        for (var shard = 0; shard < _workers.Length; shard++) _workers[shard].Post(slot, shard);
    }

    public ModelRunnerOutput Collect()
    {
        var slot = _steps[_collected++ % NumStages];
        Volatile.Write(ref _collectSince, Stopwatch.GetTimestamp());
        var inTime = slot.Wait(Patience);
        Volatile.Write(ref _collectSince, 0);
        if (_submitted == _collected) Volatile.Write(ref _activeTicks, _activeTicks + Stopwatch.GetTimestamp() - _activeSince);
        lock (_failureGate)
            if (_failure is { } failure) throw new CollectiveException(failure.Message, failure);
        if (!inTime) throw CollectiveException.TimedOut("compute", slot.Batch.Step, Patience, slot.Missing.Select(shard => _names[shard]));
        return slot.Output;
    }

    public void Interrupt()
    {
        _experts?.Interrupt();
        // A shard that stands still would hold the step up to the deadline of a collective, and shards that see another one end have not failed.
        Fail(new OperationCanceledException("The rank is being unloaded."));
    }

    public void Dispose()
    {
        Interrupt();
        // Together: NCCL wants all ranks of a node to leave at the same time.
        Task.WaitAll([.. _workers.Select(worker => Task.Factory.StartNew(worker.Stop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))]);
        _backend.Dispose();
        foreach (var step in _steps) step.Dispose();
    }

    private void Fail(Exception exception)
    {
        // What the others then fail with is only that this one is gone.
        lock (_failureGate) _failure ??= exception;
        foreach (var step in _steps) step.Abandon();
    }

    private static ModelRunnerInfo Combine(ModelRunnerInfo[] shards) => shards[0] with
    {
        BytesPerBlock = shards.Max(shard => shard.BytesPerBlock),
        KVCacheBytes = shards.Min(shard => shard.KVCacheBytes),
        Numerics = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', shards.Select(shard => shard.Numerics)))))[..16],
    };
}
