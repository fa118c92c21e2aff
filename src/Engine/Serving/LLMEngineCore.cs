using Grid.Engine.Configuration;
using Grid.Engine.Execution;
using Grid.Engine.KVCache;
using Grid.Engine.Loading;
using Grid.Engine.Requests;
using Grid.Engine.Sampling;
using Grid.Engine.Scheduling;

namespace Grid.Engine.Serving;

/// <summary>
/// One rank's scheduler, model and sampler, driven step by step. Used by one thread; only <see cref="Load"/> may be read by others.
/// </summary>
internal sealed class LLMEngineCore : IDisposable
{
    private readonly IModelRunner _runner;
    private readonly RequestRegistry _registry;
    private readonly TimeProvider _timeProvider;
    private readonly KVCacheManager _kvCache;
    private readonly Scheduler _scheduler;
    private readonly OutputRecorder _outputs;
    private readonly Stack<SchedulerOutput> _free = new();
    private readonly Queue<SchedulerOutput> _inFlight = new();
    private readonly Lock _loadLock = new();
    private EngineLoad _load;

    public LLMEngineCore(IModelRunner runner, EngineOptions options, KVCacheSizing sizing, RequestRegistry registry,
        TimeProvider timeProvider, EngineIdentity identity)
    {
        for (var step = 0; step < runner.MaxStepsInFlight; step++) _free.Push(new SchedulerOutput());
        var config = SchedulerConfig.From(options, sizing.MaxModelLen, runner.NumStages);
        Info = new(runner.Info.VocabSize, sizing.MaxModelLen, runner.Info.BlockSize, sizing.NumBlocks, runner.Info.Numerics);
        _runner = runner;
        _registry = registry;
        _timeProvider = timeProvider;
        _runner.KVCache.Reserve(sizing.NumBlocks);
        _kvCache = new(sizing.NumBlocks, runner.Info.BlockSize, options.EnablePrefixCaching, options.Model);
        _scheduler = new(config, _kvCache);
        Instruments =
            new(identity.ModelName, identity.Engine, sizing.MaxModelLen, () => Load.ToStatus(_registry, draining: false, failure: null));
        Instruments.Observe(runner.Telemetry);
        _outputs = new(Info, Instruments, timeProvider);
        Publish();
    }

    public EngineInfo Info { get; }

    public EngineInstruments Instruments { get; }

    public bool HasWork => _scheduler.HasWork;

    /// <summary>What the step in flight has waited for long; null: nothing.</summary>
    public string? Waits => _runner.Telemetry.Waits;

    /// <summary>Rises while the engine's thread computes, within a step too.</summary>
    public long Progress => _runner.Telemetry.Progress;

    /// <summary>Load after the latest step or command.</summary>
    public EngineLoad Load
    {
        get
        {
            lock (_loadLock) return _load;
        }
    }

    public void Add(IReadOnlyList<Request> group)
    {
        foreach (var request in group)
        {
            _scheduler.Add(request);
            // The engine that drew the replayed tokens may have stopped before it could report the end.
            if (request.NumOutputTokens > 0 && StopCriteria.Check(request, Info.MaxModelLen, out var stopTokenId) is { } reason)
                End(request, new() { TokenId = -1, FinishReason = reason, StopTokenId = stopTokenId });
        }

        Publish();
    }

    /// <summary>Ends a request that the caller has no more use for; ids that are not there are ignored.</summary>
    public void End(string requestId, FinishReason reason)
    {
        if (_registry.Find(requestId) is { } request) End(request, new() { TokenId = -1, FinishReason = reason });
        Publish();
    }

    /// <summary>
    /// Schedules, and computes and draws once. With several stages, the oldest step in flight is drawn once each stage has one.
    /// </summary>
    public void Step()
    {
        var step = _free.Pop();
        _scheduler.Schedule(step);
        if (step.Scheduled.Count == 0 && _scheduler.Running.Count == 0 && _inFlight.Count == 0)
            throw new InvalidOperationException(
                $"{_scheduler.Waiting.Count} requests wait, nothing runs, and none of them can be scheduled.");

        NoteScheduled(step);
        Instruments.RecordStep(step.NumTokens, _scheduler.PrefixCacheQueries, _scheduler.PrefixCacheHits);
        Send(step);
        // While a stage has nothing to do, more may be scheduled; once nothing more can be, only a result changes that.
        if (_inFlight.Count > 0 && (_free.Count == 0 || step.Scheduled.Count == 0)) Receive();
        Publish();
    }

    /// <summary>Ends every request because the engine cannot go on.</summary>
    public void FailAll(EngineDeadException exception)
    {
        foreach (var request in _registry.RemoveAll())
        {
            request.Stream!.Fail(exception);
            Instruments.RecordFinished(request, FinishReason.Error, _timeProvider);
        }

        lock (_loadLock) _load = _load with { Running = 0, Preempted = 0, PreemptedTokens = 0 };
    }

    public void CheckIntegrity() => _scheduler.CheckIntegrity();

    public void CheckAtRest() => _kvCache.CheckAtRest();

    /// <summary>Has a step in progress that waits for others fail soon. May be called on any thread.</summary>
    public void Interrupt() => _runner.Interrupt();

    public void Dispose()
    {
        Instruments.Dispose();
        _runner.Dispose();
    }

    private void NoteScheduled(SchedulerOutput step)
    {
        var now = _timeProvider.GetTimestamp();
        foreach (var scheduled in step.Scheduled)
        {
            if (scheduled.Request.Stream is not { Scheduled: 0 } stream) continue;
            stream.Scheduled = now;
            _registry.LeaveQueue(scheduled.Request);
        }
    }

    private void Send(SchedulerOutput step)
    {
        if (step.Scheduled.Count == 0)
        {
            _free.Push(step);
            return;
        }

        SamplingBatchBuilder.Fill(step);
        _runner.Submit(step);
        _inFlight.Enqueue(step);
    }

    private void Receive()
    {
        var step = _inFlight.Dequeue();
        Process(step, _runner.Collect().Sampled);
        _free.Push(step);
    }

    private void Process(SchedulerOutput step, SamplerOutput sampled)
    {
        var draws = step.Sampling.Draws;
        var scores = step.Sampling.Scores;
        if (sampled.Tokens.Length != draws.Length || sampled.Scores.Length != scores.Length)
            throw new InvalidOperationException(
                $"The model runner gave {sampled.Tokens.Length} tokens and {sampled.Scores.Length} prompt logprobs for a step that asks "
                + $"for {draws.Length} and {scores.Length}.");
        var now = _timeProvider.GetTimestamp();
        var (draw, score) = (0, 0);
        for (var i = 0; i < step.Scheduled.Count; i++)
        {
            var firstScore = score;
            while (score < scores.Length && scores[score].Request == i) score++;
            var hasDraw = draw < draws.Length && draws[draw].Request == i;
            if (hasDraw) draw++;
            var request = step.Scheduled[i].Request;
            if (!_scheduler.Complete(step.Scheduled[i])) continue;
            var fault = OutputRecorder.AddScores(request, sampled.Scores[firstScore..score]);
            if (fault is not null) End(request, OutputRecorder.Failed(fault));
            else if (hasDraw) Deliver(request, _outputs.AddToken(request, sampled.Tokens[draw - 1], now));
        }
    }

    private void Deliver(Request request, in EngineOutput output)
    {
        if (output.FinishReason is null) request.Stream!.Write(output);
        else End(request, output);
    }

    private void End(Request request, in EngineOutput last)
    {
        _scheduler.Finish(request);
        _registry.Remove(request);
        var stream = request.Stream!;
        if (stream.Scheduled == 0) _registry.LeaveQueue(request);
        stream.Write(last with { CachedTokens = Math.Max(0, request.NumCachedTokens) });
        Instruments.RecordFinished(request, last.FinishReason!.Value, _timeProvider);
    }

    private void Publish()
    {
        var pool = _kvCache.Pool;
        lock (_loadLock)
            _load = new(_scheduler.Running.Count, _scheduler.NumPreempted, _scheduler.NumPreemptedTokens, pool.NumFree, pool.NumCached,
                pool.NumUsed,
                _scheduler.NumSteps, _scheduler.NumPreemptions, _outputs.NumFirstTokens, _outputs.SecondsToFirstTokens);
    }
}
