using System.Collections.Concurrent;
using Grid.Engine.Configuration;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Serving;

/// <summary>The thread that loads an engine, runs its commands and steps, and sleeps when there is nothing to do.</summary>
internal sealed class LLMEngineThread
{
    private readonly BlockingCollection<Action<LLMEngineCore>> _commands = [];
    private readonly List<TaskCompletionSource> _idleWaiters = [];
    private readonly TaskCompletionSource<LLMEngineCore> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<LLMEngineCore> _load;
    private readonly ILogger _logger;
    private volatile EngineDeadException? _failure;
    private volatile bool _stopping;

    private LLMEngineThread(Func<LLMEngineCore> load, ILogger logger) => (_load, _logger) = (load, logger);

    /// <summary>The engine once it is loaded, or what the load failed with.</summary>
    public Task<LLMEngineCore> Loaded => _loaded.Task;

    /// <summary>Completes when the thread is at its end and the model unloaded.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Why the thread ended on its own account.</summary>
    public EngineDeadException? Failure => _failure;

    public static LLMEngineThread Start(Func<LLMEngineCore> load, string name, ILogger logger)
    {
        var thread = new LLMEngineThread(load, logger);
        new Thread(thread.Run) { Name = name, IsBackground = true }.Start();
        return thread;
    }

    /// <summary>Has a command run before the next step.</summary>
    /// <returns>False if the thread takes no more commands.</returns>
    public bool TryPost(Action<LLMEngineCore> command)
    {
        try
        {
            return _commands.TryAdd(command);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Completes when all commands posted before are done and nothing runs or waits.</summary>
    public Task WhenIdle()
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return TryPost(_ => _idleWaiters.Add(idle)) ? idle.Task : Task.CompletedTask;
    }

    /// <summary>Ends the thread after the step in progress.</summary>
    public void Stop()
    {
        _stopping = true;
        _commands.CompleteAdding();
    }

    private void Run()
    {
        try
        {
            using var core = _load();
            _loaded.SetResult(core);
            Serve(core);
        }
        catch (Exception exception)
        {
            _loaded.TrySetException(exception);
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private void Serve(LLMEngineCore core)
    {
        var end = new EngineDeadException("it was shut down.");
        try
        {
            while (RunCommands(core)) core.Step();
        }
        catch (Exception) when (_stopping)
        {
            // A step that waited for others was interrupted.
        }
        catch (Exception exception)
        {
            _logger.EngineFailed(exception);
            end = new EngineDeadException(exception.Message, exception);
            _failure = end;
        }

        _commands.CompleteAdding();
        while (_commands.TryTake(out var command)) command(core);
        core.FailAll(end);
        ReleaseIdleWaiters();
    }

    /// <summary>Runs what was posted, and waits for more while there is nothing to compute.</summary>
    /// <returns>False when the thread is to end.</returns>
    private bool RunCommands(LLMEngineCore core)
    {
        while (!_stopping)
        {
            while (_commands.TryTake(out var command)) command(core);
            if (core.HasWork) return !_stopping;
            core.CheckAtRest();
            ReleaseIdleWaiters();
            if (_commands.TryTake(out var next, Timeout.Infinite)) next(core);
        }

        return false;
    }

    private void ReleaseIdleWaiters()
    {
        foreach (var waiter in _idleWaiters) waiter.TrySetResult();
        _idleWaiters.Clear();
    }
}
