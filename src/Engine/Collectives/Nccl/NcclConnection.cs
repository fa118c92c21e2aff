using System.Diagnostics;

namespace Grid.Engine.Collectives.Nccl;

/// <summary>
/// One member's <c>ncclComm_t</c>, which may be aborted at any time: by its own watchdog, because neither NCCL's calls nor the work they
/// put on a stream have a deadline, or when the caller knows that another member is gone.
/// </summary>
internal sealed unsafe class NcclConnection : IDisposable
{
    private const int InProgress = 7;
    private const int NeverSleep = -1;
    private const int SpinsBeforeSleep = 20;

    // Most operations end sooner, and a sleeping thread would come late for the next.
    private static readonly TimeSpan Awake = TimeSpan.FromMilliseconds(2);

    private readonly NcclLibrary _library;
    private readonly IDeviceStream _stream;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly ITimer _watchdog;
    private readonly Lock _gate = new();
    private nint _handle;
    private volatile bool _aborted;
    private volatile bool _late;

    public NcclConnection(NcclLibrary library, IDeviceStream stream, TimeSpan timeout, TimeProvider time)
    {
        (_library, _stream, _timeout, _time) = (library, stream, timeout, time);
        _watchdog = time.CreateTimer(
            _ =>
            {
                _late = true;
                Abort();
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether <see cref="Open"/> has been called with success.</summary>
    public bool IsOpen => _handle != 0;

    /// <summary>Whether it was aborted and is of no more use.</summary>
    public bool IsAborted => _aborted;

    /// <summary>Whether it was aborted because a deadline has passed.</summary>
    public bool IsLate => _late;

    /// <summary>Connects all members.</summary>
    /// <returns>False: they did not connect in time.</returns>
    /// <exception cref="InvalidOperationException">NCCL failed.</exception>
    public bool Open(int size, NcclUniqueId id, int rank)
    {
        // NCCL waits for the other members inside this call, and there is nothing yet that could be aborted.
        var connecting = Task.Factory.StartNew(
            () =>
            {
                _stream.Activate();
                return _library.Connect(size, id, rank);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            connecting.WaitAsync(_timeout, _time).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            connecting.ContinueWith(
                late => _library.Abort(late.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            return false;
        }

        lock (_gate) _handle = connecting.GetAwaiter().GetResult();
        // A caller that gave up in the meantime found nothing to abort.
        if (_aborted) Abort();
        return true;
    }

    /// <summary>Starts the deadline of a call.</summary>
    /// <returns>False if it has been aborted.</returns>
    public bool Begin(out nint handle)
    {
        lock (_gate)
        {
            handle = _handle;
            if (!_aborted) _watchdog.Change(_timeout, Timeout.InfiniteTimeSpan);
            return !_aborted;
        }
    }

    /// <summary>Waits until the work that a call has put on a stream is complete.</summary>
    /// <param name="code">What the call returned.</param>
    /// <param name="stream">The stream to wait for; null: does not wait.</param>
    /// <returns>NCCL's error code, or 0. It means nothing once this is aborted.</returns>
    /// <exception cref="InvalidOperationException">The device failed.</exception>
    public int End(int code, nint? stream)
    {
        try
        {
            var (spin, start) = (new SpinWait(), Stopwatch.GetTimestamp());
            while (IsRunning(ref code) && stream is { } current && !_stream.IsIdle(current))
                spin.SpinOnce(Stopwatch.GetElapsedTime(start) < Awake ? NeverSleep : SpinsBeforeSleep);
            return code;
        }
        finally
        {
            _watchdog.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends whatever this member waits for. Any thread may call it.</summary>
    public void Abort()
    {
        nint handle;
        lock (_gate)
        {
            _aborted = true;
            (handle, _handle) = (_handle, 0);
        }

        if (handle != 0) _ = _library.Abort(handle);
    }

    public void Dispose()
    {
        _watchdog.Dispose();
        nint handle;
        lock (_gate) (handle, _handle) = (_handle, 0);
        if (handle != 0) _ = _library.Destroy(handle);
    }

    // What fails on the way, such as a broken link, is only reported when asked for.
    private bool IsRunning(ref int code)
    {
        if (code != 0) return false;
        lock (_gate)
        {
            if (_handle == 0) return false;
            int error;
            code = _library.GetAsyncError(_handle, &error);
            if (code == 0 && error != InProgress) code = error;
        }

        return code == 0;
    }
}
