using Grid.Abstractions.Grains;
using Grid.Cluster.Hosting;
using Grid.Configuration.Reading;
using Grid.Node.Options;

namespace Grid.Node.Configuration;

/// <summary>Brings <c>--config FILE</c> to the grid, over whatever client there is.</summary>
internal sealed class ConfigRole : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _fed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _file;
    private readonly IGridConnection _connection;
    private readonly ILogger _logger;
    private readonly Task _loop;

    private ConfigRole(string file, IGridConnection connection, ILogger logger)
    {
        (_file, _connection, _logger) = (file, connection, logger);
        _loop = RunAsync();
    }

    /// <summary>Completes when the file is in force, or the grid has refused it.</summary>
    public Task Fed => _fed.Task;

    /// <summary>Refuses a faulty file before anything starts.</summary>
    /// <exception cref="NodeException">The file has faults; the message lists all of them (2).</exception>
    public static void Check(string file)
    {
        try
        {
            var parsed = GridConfigParser.ParseFile(file);
            if (parsed.Config is null)
                throw new NodeException(string.Join(Environment.NewLine + "grid: ", parsed.Faults.Select(fault => fault.ToString())));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new NodeException($"--config {file} cannot be read: {fault.Message}", inner: fault);
        }
    }

    /// <summary>Begins to follow the file.</summary>
    public static ConfigRole Start(string file, IGridConnection connection, ILogger logger) => new(file, connection, logger);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_end.IsCancellationRequested)
            {
                var client = await _connection.WaitAsync(_end.Token);
                using var gone = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
                _connection.Changed += gone.Cancel;
                try
                {
                    await new ConfigFeed(_file, client.GetGrain<IGridGrain>(GrainKeys.Grid), TimeProvider.System, _logger)
                        .RunAsync(() => _fed.TrySetResult(), gone.Token);
                }
                catch (OperationCanceledException) when (gone.IsCancellationRequested)
                {
                    // The next client continues.
                }
                finally
                {
                    _connection.Changed -= gone.Cancel;
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The process ends.
        }
    }
}
