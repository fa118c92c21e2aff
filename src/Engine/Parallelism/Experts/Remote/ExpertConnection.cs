using Grid.Engine.Parallelism.Links;
using Grid.Primitives.Timing;

namespace Grid.Engine.Parallelism.Experts.Remote;

/// <summary>
/// Keeps a link to one incarnation of an expert shard, on a thread of its own: connects again whenever the link breaks, until it is
/// disposed.
/// </summary>
internal sealed class ExpertConnection : IDisposable
{
    // The ranks of a replica lose a shard together; jitter keeps them from connecting again together.
    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), Random.Shared.NextDouble);

    // How long a shard that was reachable may take to answer a new link before it counts as lost.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private readonly int _number;
    private readonly string _name;
    private readonly ExpertDirectory _directory;
    private readonly Func<Stream> _connect;
    private readonly long _epoch;
    private readonly Action<string?> _report;
    private readonly TimeProvider _time;
    private readonly Signal _signal = new();
    private Stream? _stream;
    private bool _disposed;

    /// <summary>Begins to connect.</summary>
    /// <param name="number">The number of the shard.</param>
    /// <param name="name">Its name with its node, for errors.</param>
    /// <param name="directory">Gets the shard while it is reachable, and the placements that it announces.</param>
    /// <param name="connect">Opens a link to a shard.</param>
    /// <param name="epoch">The epoch of the plan.</param>
    /// <param name="report">Called with the reason, once each time that the shard is lost, and with null when it is reachable.</param>
    /// <param name="time">The clock that pauses follow.</param>
    public ExpertConnection(
        int number,
        string name,
        ExpertDirectory directory,
        Func<Stream> connect,
        long epoch,
        Action<string?> report,
        TimeProvider time)
    {
        (_number, _name, _directory, _connect, _epoch, _report, _time) = (number, name, directory, connect, epoch, report, time);
        new Thread(Run) { Name = $"link to {name}", IsBackground = true }.Start();
    }

    /// <summary>Ends the link without waiting for its thread, which may hang in a connection that is not answered.</summary>
    public void Dispose()
    {
        lock (_signal)
        {
            _disposed = true;
            _stream?.Dispose();
        }

        _signal.Notify();
    }

    private void Run()
    {
        var (failures, reported, wasThere) = (0, false, false);
        while (true)
        {
            var cause = Serve(again: wasThere, out var isThere);
            if (isThere)
            {
                // Perhaps only its link is lost: that is found out at once.
                (failures, reported, wasThere) = (0, false, true);
                continue;
            }

            wasThere = false;
            lock (_signal)
                if (_disposed) return;
            if (!reported) _report(cause.Message);
            reported = true;
            var pause = Deadline.After(_time, Pauses.After(++failures));
            lock (_signal)
                if (_signal.WaitUntil(this, static connection => connection._disposed, pause)) return;
        }
    }

    /// <summary>Connects, and reads until the link breaks.</summary>
    /// <param name="again">Whether the shard was reachable just now.</param>
    /// <param name="isThere">Whether the shard answered.</param>
    /// <returns>The reason for the end.</returns>
    private Exception Serve(bool again, out bool isThere)
    {
        isThere = false;
        FrameLink? link = null;
        RemoteExpertShard? shard = null;
        Exception cause;
        try
        {
            var stream = Keep(_connect());
            if (again && stream.CanTimeout) stream.ReadTimeout = (int)AnswerTimeout.TotalMilliseconds;
            link = new FrameLink(stream, _epoch, _name);
            var first = link.Receive();
            if (first.Kind != FrameKind.ExpertPlacement)
                throw new InvalidDataException($"The first frame of an expert shard must be its placement; got {first.Kind}.");
            var placement = ExpertPlacement.FromBytes(link.ReadBody(first));
            if (stream.CanTimeout) stream.ReadTimeout = Timeout.Infinite;
            isThere = true;
            shard = new RemoteExpertShard(_number, _name, link);
            _directory.Join(shard, placement);
            _report(null);
            while (true)
            {
                var header = link.Receive();
                if (header.Kind == FrameKind.ExpertPlacement) _directory.Adopt(ExpertPlacement.FromBytes(link.ReadBody(header)));
                else shard.Take(header);
            }
        }
        catch (Exception exception)
        {
            cause = exception;
        }

        shard?.End(cause);
        if (shard is not null) _directory.Remove(shard);
        link?.Dispose();
        return cause;
    }

    private Stream Keep(Stream stream)
    {
        lock (_signal)
        {
            if (_disposed) stream.Dispose();
            return _stream = stream;
        }
    }
}
