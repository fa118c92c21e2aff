using StackExchange.Redis;

namespace Grid.Cluster.Store;

/// <summary>
/// Writes to the embedded store each second. A store whose log could not be written once, as on a full disk, keeps that error: it is
/// restarted in place when the folder can be written again, with all that it has acknowledged.
/// </summary>
internal sealed class StoreGuard : IAsyncDisposable
{
    private const int FailuresInARow = 2;
    private const int TestBytes = 1 << 20;
    private const string ProbeKey = "grid/store/probe";

    // Each probe fills pages of the log, so that a disk that is full is noticed at once and not when the last page is.
    private static readonly byte[] Probe = new byte[8 << 10];

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _folder;
    private readonly Func<IConnectionMultiplexer> _connect;
    private readonly Func<Task> _restart;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Task _loop;
    private long _failingSince;

    /// <summary>Begins to look after a store.</summary>
    /// <param name="folder">The folder of the store.</param>
    /// <param name="connect">Opens a connection to it.</param>
    /// <param name="restart">Restarts the server in place.</param>
    /// <param name="time">The clock of looks.</param>
    /// <param name="log">The log of failures and restarts.</param>
    public StoreGuard(string folder, Func<IConnectionMultiplexer> connect, Func<Task> restart, TimeProvider time, ILogger log)
    {
        (_folder, _connect, _restart, _time, _log) = (folder, connect, restart, time, log);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Completes when the store cannot be restarted: the process is to be started again.</summary>
    public Task Failed => _failed.Task;

    /// <summary>For how long it has taken no write; zero where it is well.</summary>
    public TimeSpan FailingFor =>
        Interlocked.Read(ref _failingSince) is var since and not 0 ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        using var connection = _connect();
        using var timer = new PeriodicTimer(Period, _time);
        var failures = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                failures = await WritesAsync(connection) ? 0 : failures + 1;
                if (failures == 0) Interlocked.Exchange(ref _failingSince, 0);
                else Interlocked.CompareExchange(ref _failingSince, _time.GetTimestamp(), 0);
                if (failures < FailuresInARow || !HasRoom()) continue;
                await RestartAsync();
                failures = 0;
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The process ends.
        }
        catch (Exception fault)
        {
            _log.StoreNotRestarted(fault);
            _failed.TrySetResult();
        }
    }

    private async Task<bool> WritesAsync(IConnectionMultiplexer connection)
    {
        try
        {
            await connection.GetDatabase().StringSetAsync(ProbeKey, Probe);
            return true;
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException)
        {
            if (Interlocked.Read(ref _failingSince) == 0) _log.StoreRefusesWrites(fault.Message);
            return false;
        }
    }

    private bool HasRoom()
    {
        var file = Path.Combine(_folder, "probe.tmp");
        try
        {
            using (var stream = new FileStream(file, FileMode.Create, FileAccess.Write))
            {
                stream.Write(new byte[TestBytes]);
                stream.Flush(flushToDisk: true);
            }

            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task RestartAsync()
    {
        var start = _time.GetTimestamp();
        await _restart();
        _log.StoreRestarted(_time.GetElapsedTime(start).TotalSeconds);
    }
}
