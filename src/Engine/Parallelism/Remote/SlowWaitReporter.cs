using System.Text;
using Grid.Engine.Collectives;
using Grid.Engine.Parallelism.Links;

namespace Grid.Engine.Parallelism.Remote;

/// <summary>
/// Reports a shard's long waits to its driver, each once. A shard that hangs must be found before the wait ends.
/// </summary>
internal sealed class SlowWaitReporter : IDisposable
{
    // How often the wait is looked at, within the time after which it is reported.
    private const int LooksPerWait = 4;

    private readonly CollectiveWait _wait;
    private readonly TimeSpan _longWait;
    private readonly FrameLink _control;
    private readonly ITimer _timer;
    private string? _reported;

    /// <summary>Begins to watch the waits.</summary>
    /// <param name="wait">The wait of the shard.</param>
    /// <param name="longWait">A wait that takes longer is reported.</param>
    /// <param name="control">The link to the driver.</param>
    /// <param name="time">The clock that looks follow.</param>
    public SlowWaitReporter(CollectiveWait wait, TimeSpan longWait, FrameLink control, TimeProvider time)
    {
        (_wait, _longWait, _control) = (wait, longWait, control);
        var period = longWait / LooksPerWait;
        _timer = time.CreateTimer(_ => Look(), null, period, period);
    }

    /// <summary>Ends the watch, and waits for a look in progress.</summary>
    public void Dispose() => _timer.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Look()
    {
        var text = _wait.Describe(_longWait);
        if (text == _reported) return;
        _reported = text;
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
