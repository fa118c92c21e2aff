using Grid.Engine.Parallelism.DataPlane;

namespace Grid.Engine.Parallelism.Experts.Links;

/// <summary>Keeps a link to one incarnation of an expert shard, on a thread of its own: dials again whenever it breaks, until it is disposed.</summary>
internal sealed class ExpertDialler : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // How long one that was there may take to answer another link before it counts as lost.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private readonly int _number;
    private readonly string _name;
    private readonly ExpertDirectory _directory;
    private readonly Func<Stream> _connect;
    private readonly long _epoch;
    private readonly Action<string?> _tell;
    private readonly object _gate = new();
    private Stream? _stream;
    private bool _disposed;

    /// <param name="number">3 of ep3.</param>
    /// <param name="name">With its node, for errors.</param>
    /// <param name="directory">Learns of the shard while it is there, and of the placements that it tells.</param>
    /// <param name="connect">Dials.</param>
    /// <param name="epoch">Of the plan.</param>
    /// <param name="tell">Told why, once each time that the shard is lost, and null when it is there.</param>
    public ExpertDialler(int number, string name, ExpertDirectory directory, Func<Stream> connect, long epoch, Action<string?> tell)
    {
        (_number, _name, _directory, _connect, _epoch, _tell) = (number, name, directory, connect, epoch, tell);
        new Thread(Run) { Name = $"link to {name}", IsBackground = true }.Start();
    }

    /// <summary>Ends the link without waiting for it: it may hang in a connection that nobody answers.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _stream?.Dispose();
            Monitor.PulseAll(_gate);
        }
    }

    private void Run()
    {
        var (pause, told, wasThere) = (FirstPause, false, false);
        while (true)
        {
            var cause = Serve(again: wasThere, out var isThere);
            if (isThere)
            {
                // Only its link may be lost: that is found out at once.
                (pause, told, wasThere) = (FirstPause, false, true);
                continue;
            }

            wasThere = false;
            lock (_gate)
                if (_disposed) return;
            if (!told) _tell(cause.Message);
            told = true;
            lock (_gate)
            {
                if (!_disposed) Monitor.Wait(_gate, pause);
                if (_disposed) return;
            }

            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Dials, and reads until the link breaks.</summary>
    /// <param name="again">Whether the shard was there just now.</param>
    /// <param name="isThere">Whether it answered.</param>
    /// <returns>What broke it.</returns>
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
            if (first.Kind != FrameKind.ExpertPlacement) throw new InvalidDataException($"A {first.Kind} frame came, and a placement was due.");
            var placement = ExpertPlacement.FromBytes(link.ReadBody(first));
            if (stream.CanTimeout) stream.ReadTimeout = Timeout.Infinite;
            isThere = true;
            shard = new RemoteExpertShard(_number, _name, link);
            ExpertWelcome.Give(_directory, shard, placement);
            _tell(null);
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
        lock (_gate)
        {
            if (_disposed) stream.Dispose();
            return _stream = stream;
        }
    }
}
