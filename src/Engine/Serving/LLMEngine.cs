using System.Globalization;
using System.Threading.Channels;
using Grid.Engine.Configuration;
using Grid.Engine.Devices;
using Grid.Engine.Execution;
using Grid.Engine.Loading;
using Grid.Engine.Requests;
using Grid.Engine.Validation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Engine.Serving;

/// <summary>One rank: a model on a thread of its own, with vLLM's scheduling over a paged KV cache.</summary>
public sealed class LLMEngine : IInferenceEngine
{
    private readonly LLMEngineThread _thread;
    private readonly LLMEngineCore _core;
    private readonly RequestRegistry _registry;
    private readonly RequestValidator _validator;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _admission = new();
    private volatile bool _draining;

    private LLMEngine(LLMEngineThread thread, LLMEngineCore core, RequestRegistry registry, TimeProvider timeProvider)
    {
        (_thread, _core, _registry, _timeProvider) = (thread, core, registry, timeProvider);
        _validator = new(core.Info);
    }

    /// <inheritdoc/>
    public EngineInfo Info => _core.Info;

    /// <summary>Starts an engine's thread, loads the model on it and reserves the KV cache.</summary>
    /// <param name="load">Loads the model; called once, on the engine's thread, which also uses and disposes the runner.</param>
    /// <param name="options">The options that give limits and policies.</param>
    /// <param name="modelName">The served name, for metrics; null: the model as given.</param>
    /// <param name="engine">Index of the data-parallel rank, for metrics.</param>
    /// <param name="timeProvider">Measures latencies; null: the system's.</param>
    /// <param name="logger">Logs the KV cache and failures; null: nothing is logged.</param>
    /// <returns>The engine, ready to serve.</returns>
    /// <exception cref="ModelLoadException">The model cannot be loaded, options are out of range, or the KV cache is too small.</exception>
    internal static async Task<LLMEngine> CreateAsync(
        Func<IModelRunner> load, EngineOptions options, string? modelName = null, int engine = 0, TimeProvider? timeProvider = null,
        ILogger? logger = null)
    {
        EngineOptionsValidator.Validate(null, options);
        var (time, log) = (timeProvider ?? TimeProvider.System, logger ?? NullLogger.Instance);
        var registry = new RequestRegistry(options.MaxNumQueuedReqs);
        var identity = new EngineIdentity(modelName ?? options.Model, engine);
        var thread = LLMEngineThread.Start(() => LoadCore(load, options, registry, identity, time, log),
            $"engine {identity.ModelName}/{engine}", log);
        return new(thread, await thread.Loaded.ConfigureAwait(false), registry, time);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ChannelReader<EngineOutput>> Submit(IReadOnlyList<EngineRequest> group)
    {
        foreach (var request in group) _validator.Validate(request);
        var arrival = _timeProvider.GetTimestamp();
        Request[] requests = [.. group.Select(source => new Request(source) { Stream = new(source, arrival) })];

        // Under the lock, so that a drain that has begun cannot be overtaken.
        lock (_admission)
        {
            ThrowIfDead();
            if (_draining) throw new EngineDrainingException();
            _registry.Add(requests);
            if (!_thread.TryPost(core => core.Add(requests)))
            {
                foreach (var request in requests) _registry.Remove(request);
                ThrowIfDead();
                throw new EngineDeadException("it was shut down.");
            }
        }

        return [.. requests.Select(request => request.Stream!.Reader)];
    }

    /// <inheritdoc/>
    public void Abort(string requestId) => _thread.TryPost(core => core.End(requestId, FinishReason.Abort));

    /// <inheritdoc/>
    public void Stop(string requestId) => _thread.TryPost(core => core.End(requestId, FinishReason.Stop));

    /// <inheritdoc/>
    public Task DrainAsync(CancellationToken cancellationToken = default)
    {
        lock (_admission)
        {
            _draining = true;
            return _thread.WhenIdle().WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public EngineStatus GetStatus() =>
        _core.Load.ToStatus(_registry, _draining, _thread.Failure?.Reason, _core.Waits) with { Progress = _core.Progress };

    /// <summary>Ends all requests with <see cref="EngineDeadException"/>, then unloads the model.</summary>
    public async ValueTask DisposeAsync()
    {
        _thread.Stop();
        _core.Interrupt();
        await _thread.Ended.ConfigureAwait(false);
    }

    private static LLMEngineCore LoadCore(
        Func<IModelRunner> load, EngineOptions options, RequestRegistry registry, EngineIdentity identity, TimeProvider timeProvider,
        ILogger logger)
    {
        var runner = load();
        try
        {
            var sizing = KVCacheSizing.Decide(runner.Info, options, HostMemory.Read());
            var core = new LLMEngineCore(runner, options, sizing, registry, timeProvider, identity);
            LogKVCache(core.Info, logger);
            return core;
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    private static void LogKVCache(EngineInfo info, ILogger logger)
    {
        logger.KVCacheSize(info.KVCacheTokens.ToString("N0", CultureInfo.InvariantCulture));
        logger.MaximumConcurrency(
            info.MaxModelLen.ToString("N0", CultureInfo.InvariantCulture),
            info.MaxConcurrency.ToString("F2", CultureInfo.InvariantCulture));
    }

    private void ThrowIfDead()
    {
        if (_thread.Failure is { } failure) throw new EngineDeadException(failure.Reason, failure);
    }
}
