using Grid.Engine.Configuration;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Parallelism.Experts.Remote;
using Grid.Engine.Parallelism.Links;
using Grid.Primitives.Ids;
using Grid.Primitives.Timing;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Processes;

/// <summary>
/// Expert shards as processes of this host (<c>process</c>), shared by all ranks. One that dies is started again, under another endpoint.
/// </summary>
internal sealed class ExpertProcessGroup : IExpertGroup
{
    private static readonly Backoff Pauses = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    private readonly EngineOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly RemoteExpertGroup _remote;
    private readonly ExpertProcess[] _processes;
    private readonly ExpertProcess?[] _successors;
    private readonly Thread[] _keepers;
    private readonly Signal _signal = new();
    private bool _disposed;

    private ExpertProcessGroup(EngineOptions options, ILogger logger, TimeProvider time)
    {
        (_options, _logger, _time) = (options, logger, time);
        _processes = StartAll(options, logger);
        try
        {
            var shards = new RemoteExperts(0, Nodes, Endpoints, endpoint => UnixTransport.ConnectTo(endpoint, Timeout.InfiniteTimeSpan));
            _remote = RemoteExpertGroup.Create(options, shards, logger, time);
        }
        catch
        {
            foreach (var process in _processes) process.Dispose();
            throw;
        }

        _successors = new ExpertProcess?[_processes.Length];
        _keepers = [.. Enumerable.Range(0, _processes.Length).Select(number => new Thread(() => Keep(number))
        {
            Name = $"keeper of {ExpertShardId.NameOf(number)}",
            IsBackground = true,
        })];
        foreach (var keeper in _keepers) keeper.Start();
    }

    public IExpertRegistry Registry => _remote;

    public ExpertDirectory Directory => _remote.Directory;

    private string[] Nodes => [.. _processes.Select(process => process.Name)];

    private string[] Endpoints => [.. _processes.Select(process => process.Endpoint)];

    /// <summary>Starts all shards and waits until they are loaded.</summary>
    /// <exception cref="ModelLoadException">A shard cannot be loaded.</exception>
    public static ExpertProcessGroup Start(EngineOptions options, ILogger logger, TimeProvider time) => new(options, logger, time);

    public ExpertClient Connect(int rank) => _remote.Connect(rank);

    public void Dispose()
    {
        ExpertProcess[] processes;
        lock (_signal)
        {
            if (_disposed) return;
            _disposed = true;
            processes = [.. _processes, .. _successors.OfType<ExpertProcess>()];
        }

        _signal.Notify();
        _remote.Dispose();
        foreach (var process in processes) process.Dispose();
        foreach (var keeper in _keepers) keeper.Join();
    }

    private static ExpertProcess[] StartAll(EngineOptions options, ILogger logger)
    {
        var processes = new List<ExpertProcess>();
        try
        {
            for (var number = 0; number < options.NumExpertShards; number++)
                processes.Add(ExpertProcess.Start(options, number, logger));
            foreach (var process in processes) process.WaitUntilLoaded();
            return [.. processes];
        }
        catch (Exception exception)
        {
            foreach (var process in processes) process.Dispose();
            throw exception is IOException
                ? new ModelLoadException(
                    $"The expert shards' processes could not be started: {exception.Message}", ModelLoadFault.Broken, exception)
                : exception;
        }
    }

    /// <summary>Starts a successor of a shard whenever it dies.</summary>
    private void Keep(int number)
    {
        while (true)
        {
            ExpertProcess current;
            lock (_signal) current = _processes[number];
            current.WaitUntilGone();
            lock (_signal)
                if (_disposed) return;
            _logger.ExpertDied(ExpertShardId.NameOf(number), current.Name);
            for (var failures = 1; !TryReplace(number); failures++)
            {
                var pause = Deadline.After(_time, Pauses.After(failures));
                lock (_signal)
                    if (_signal.WaitUntil(this, static group => group._disposed, pause)) return;
            }

            current.Dispose();
        }
    }

    private bool TryReplace(int number)
    {
        ExpertProcess? successor = null;
        try
        {
            successor = ExpertProcess.Start(_options, number, _logger);
            lock (_signal) _successors[number] = _disposed ? throw new IOException("The expert shards are being unloaded.") : successor;
            successor.WaitUntilLoaded();
            lock (_signal)
            {
                _processes[number] = successor;
                _remote.Update(new ExpertEndpoints(Nodes, Endpoints));
            }

            return true;
        }
        catch (Exception exception)
        {
            _logger.ExpertNotRestarted(ExpertShardId.NameOf(number), exception.Message);
            successor?.Dispose();
            return false;
        }
    }
}
