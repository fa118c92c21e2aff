using Grid.Engine.Parallelism.DataPlane;
using Grid.Engine.Parallelism.Experts.Links;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Experts.Processes;

/// <summary>Expert shards as processes of this host (<c>process</c>), shared by all ranks. One that dies is started again, under another endpoint.</summary>
internal sealed class ExpertProcesses : IExpertGroup
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly EngineOptions _options;
    private readonly ILogger _logger;
    private readonly ExpertProcess[] _processes;
    private readonly ExpertProcess?[] _successors;
    private readonly Thread[] _keepers;
    private readonly object _gate = new();
    private bool _disposed;

    private ExpertProcesses(EngineOptions options, ILogger logger)
    {
        (_options, _logger) = (options, logger);
        _processes = StartAll(options, logger);
        try
        {
            Links = ExpertLinks.Create(options, new RemoteExperts(0, Nodes, Endpoints, endpoint => UnixTransport.ConnectTo(endpoint, Timeout.InfiniteTimeSpan)), logger);
        }
        catch
        {
            foreach (var process in _processes) process.Dispose();
            throw;
        }

        _successors = new ExpertProcess?[_processes.Length];
        _keepers = [.. Enumerable.Range(0, _processes.Length).Select(number => new Thread(() => Keep(number)) { Name = $"keeper of {ExpertPlacement.NameOf(number)}", IsBackground = true })];
        foreach (var keeper in _keepers) keeper.Start();
    }

    public ExpertLinks Links { get; }

    public ExpertDirectory Directory => Links.Directory;

    private string[] Nodes => [.. _processes.Select(process => process.Name)];

    private string[] Endpoints => [.. _processes.Select(process => process.Endpoint)];

    /// <summary>Starts them all and waits until they are loaded.</summary>
    /// <exception cref="ModelLoadException">One cannot be loaded.</exception>
    public static ExpertProcesses Start(EngineOptions options, ILogger logger) => new(options, logger);

    public ExpertClient Connect(int rank) => Links.Connect(rank);

    public void Dispose()
    {
        ExpertProcess[] processes;
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            processes = [.. _processes, .. _successors.OfType<ExpertProcess>()];
            Monitor.PulseAll(_gate);
        }

        Links.Dispose();
        foreach (var process in processes) process.Dispose();
        foreach (var keeper in _keepers) keeper.Join();
    }

    private static ExpertProcess[] StartAll(EngineOptions options, ILogger logger)
    {
        var processes = new List<ExpertProcess>();
        try
        {
            for (var number = 0; number < options.NumExpertShards; number++) processes.Add(ExpertProcess.Start(options, number, logger));
            foreach (var process in processes) process.WaitUntilLoaded();
            return [.. processes];
        }
        catch (Exception exception)
        {
            foreach (var process in processes) process.Dispose();
            throw exception is IOException ? new ModelLoadException($"The expert shards' processes could not be started: {exception.Message}", ModelLoadFault.Broken, exception) : exception;
        }
    }

    /// <summary>Has a successor for a shard whenever it dies.</summary>
    private void Keep(int number)
    {
        var pause = FirstPause;
        while (true)
        {
            ExpertProcess current;
            lock (_gate) current = _processes[number];
            current.WaitUntilGone();
            lock (_gate)
                if (_disposed) return;
            _logger.LogWarning("Expert shard {Expert} ({Process}) has died; it is started again", ExpertPlacement.NameOf(number), current.Name);
            while (!TryReplace(number))
            {
                lock (_gate)
                {
                    if (!_disposed) Monitor.Wait(_gate, pause);
                    if (_disposed) return;
                }

                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            pause = FirstPause;
            current.Dispose();
        }
    }

    private bool TryReplace(int number)
    {
        ExpertProcess? successor = null;
        try
        {
            successor = ExpertProcess.Start(_options, number, _logger);
            lock (_gate) _successors[number] = _disposed ? throw new IOException("It is not needed any more.") : successor;
            successor.WaitUntilLoaded();
            lock (_gate)
            {
                _processes[number] = successor;
                Links.Update(new ExpertPlaces(Nodes, Endpoints));
            }

            return true;
        }
        catch (Exception exception)
        {
            _logger.LogWarning("Expert shard {Expert} could not be started again: {Reason}", ExpertPlacement.NameOf(number), exception.Message);
            successor?.Dispose();
            return false;
        }
    }
}
