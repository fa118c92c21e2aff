using System.Text;
using Grid.Engine.Parallelism.Collectives;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>Tells a shard's driver of waits that take long, each once: whoever is to find a rank that stands still must not depend on the end of the wait.</summary>
internal sealed class WaitTeller : IDisposable
{
    // Of the time after which a wait is told.
    private const int Looks = 4;

    private readonly CollectiveWait _wait;
    private readonly TimeSpan _patience;
    private readonly FrameLink _control;
    private readonly Timer _timer;
    private string? _told;

    /// <param name="wait">Of the shard.</param>
    /// <param name="patience">A wait that takes longer is told.</param>
    /// <param name="control">To the driver.</param>
    public WaitTeller(CollectiveWait wait, TimeSpan patience, FrameLink control)
    {
        (_wait, _patience, _control) = (wait, patience, control);
        _timer = new Timer(_ => Look(), null, patience / Looks, patience / Looks);
    }

    public void Dispose()
    {
        using var done = new ManualResetEvent(initialState: false);
        if (_timer.Dispose(done)) done.WaitOne();
    }

    private void Look()
    {
        var text = _wait.Describe(_patience);
        if (text == _told) return;
        _told = text;
        if (text is null) return;
        try
        {
            _control.Send(FrameKind.Waits, Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            // The driver is gone, which the shard finds out by itself.
        }
    }
}
