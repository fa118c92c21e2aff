using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Grid.Engine.Execution;
using Grid.Engine.Layers;
using Grid.Engine.Models;
using Grid.Engine.Parallelism.Collectives;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Scheduling;
using Grid.Engine.Weights;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism;

/// <summary>Drives P x T shards of one model, each on a thread of this process; up to P steps are in flight.</summary>
internal sealed class ParallelModelRunner : IPipelinedModelRunner
{
    private readonly InProcessGroup[] _groups;
    private readonly ShardWorker[] _workers;
    private readonly StepInFlight[] _steps;
    private readonly object _failureGate = new();
    private Exception? _failure;
    private long _submitted;
    private long _collected;
    private long _activeSince;
    private long _activeTicks;

    private ParallelModelRunner(int stages, InProcessGroup[] groups, Func<ParallelModelRunner, ShardWorker[]> start)
    {
        (NumStages, _groups) = (stages, groups);
        _steps = [.. Enumerable.Range(0, stages).Select(_ => new StepInFlight())];
        _workers = start(this);
    }

    public int NumStages { get; }

    public ModelRunnerInfo Info { get; private set; } = null!;

    public double BubbleShare
    {
        get
        {
            var active = Volatile.Read(ref _activeTicks);
            return active == 0 ? 0 : Math.Clamp(1 - _workers.Sum(worker => worker.BusyTicks) / ((double)active * _workers.Length), 0, 1);
        }
    }

    /// <summary>Loads all shards, each its own slice of the checkpoint, one after the other.</summary>
    /// <exception cref="ModelLoadException">The sizes do not suit the model, or a shard cannot be loaded.</exception>
    public static ParallelModelRunner Load(
        ModelConfig config, IWeightSource? weights, EngineOptions options, ExpertClient? experts, IProgress<LoadProgress>? progress, ILogger logger)
    {
        var (tensor, stages) = (options.TensorParallelSize, options.PipelineParallelSize);
        var layers = PipelinePartition.Divide(config.NumHiddenLayers, stages, options.PipelineLayerPartition);
        if (stages > 1) logger.LogInformation("Pipeline layers: {Layers}", PipelinePartition.Describe(layers));
        var tensorGroups = Enumerable.Range(0, stages).Select(pp => new InProcessGroup([.. Enumerable.Range(0, tensor).Select(tp => Name(pp, tp, stages))], options.CollectiveTimeout)).ToArray();
        var pipelineGroups = Enumerable.Range(0, tensor).Select(tp => new InProcessGroup([.. Enumerable.Range(0, stages).Select(pp => Name(pp, tp, stages))], options.CollectiveTimeout)).ToArray();
        var oneAtATime = new Lock();
        var runner = new ParallelModelRunner(stages, [.. tensorGroups, .. pipelineGroups], owner =>
        [
            .. from pp in Enumerable.Range(0, stages)
               from tp in Enumerable.Range(0, tensor)
               select Start(owner, new ShardPlacement(new Shard(tp, tensor), new PipelineStage(pp, stages, layers[pp]), tensorGroups[pp].Join(tp), pipelineGroups[tp].Join(pp)) { Experts = experts }),
        ]);
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

        ShardWorker Start(ParallelModelRunner owner, ShardPlacement placement) => new($"shard {placement}", placement, () =>
        {
            lock (oneAtATime) return ModelRunnerFactory.CreateShard(config, weights, options, placement, progress, logger);
        }, exception => owner.Fail(placement, exception));
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
        var slot = _steps[_submitted++ % NumStages];
        slot.Batch.Fill(step);
        slot.Begin(_workers.Length);
        foreach (var worker in _workers) worker.Post(slot);
    }

    public ModelRunnerOutput Collect()
    {
        var slot = _steps[_collected++ % NumStages];
        slot.Wait();
        if (_submitted == _collected) Volatile.Write(ref _activeTicks, _activeTicks + Stopwatch.GetTimestamp() - _activeSince);
        lock (_failureGate)
            if (_failure is { } failure) throw new CollectiveException(failure.Message, failure);
        return slot.Output;
    }

    public void Dispose()
    {
        foreach (var worker in _workers) worker.Stop();
        foreach (var step in _steps) step.Dispose();
    }

    private static string Name(int stage, int tensor, int stages) => stages == 1 ? $"tp{tensor}" : $"pp{stage}/tp{tensor}";

    private void Fail(ShardPlacement placement, Exception exception)
    {
        // What the others then fail with is only that this one is gone.
        lock (_failureGate) _failure ??= exception;
        _groups[placement.Stage.Index].Fail(placement.Shard.Rank, exception);
        _groups[NumStages + placement.Shard.Rank].Fail(placement.Stage.Index, exception);
    }

    private static ModelRunnerInfo Combine(ModelRunnerInfo[] shards) => shards[0] with
    {
        BytesPerBlock = shards.Max(shard => shard.BytesPerBlock),
        KVCacheBytes = shards.Min(shard => shard.KVCacheBytes),
        Numerics = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', shards.Select(shard => shard.Numerics)))))[..16],
    };
}
