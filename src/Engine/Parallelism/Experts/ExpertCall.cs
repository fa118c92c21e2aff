using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>Rows of one layer for some experts, and one unweighted row for each in return. A pure function of its rows: it may be asked anywhere, and again.</summary>
/// <param name="layer">Layer of the model.</param>
/// <param name="step">Step of the rank that asks.</param>
/// <param name="runs">The rows' experts, ascending.</param>
/// <param name="input">[rows, hidden]; whoever asks keeps it until it has waited.</param>
internal sealed class ExpertCall(int layer, long step, ExpertRun[] runs, Tensor input)
{
    private readonly object _gate = new();
    private Tensor? _output;
    private Exception? _failure;
    private bool _done;
    private bool _abandoned;

    public int Layer => layer;

    public long Step => step;

    public ReadOnlySpan<ExpertRun> Runs => runs;

    public Tensor Input => input;

    /// <summary>Answers; an answer that nobody waits for any more is thrown away.</summary>
    /// <param name="output">Passes over.</param>
    public void Complete(Tensor output)
    {
        lock (_gate)
        {
            if (_abandoned) output.Dispose();
            else _output = output;
            _done = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Tells that no answer will come.</summary>
    public void Fail(Exception failure)
    {
        lock (_gate)
        {
            (_failure, _done) = (failure, true);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for the answer.</summary>
    /// <returns>The answer, which passes over; null if it did not come in time or will not come. It is not waited for again.</returns>
    public Tensor? Wait(TimeSpan timeout)
    {
        lock (_gate)
        {
            var end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
            while (!_done)
            {
                var left = end - Environment.TickCount64;
                if (left <= 0) break;
                Monitor.Wait(_gate, (int)Math.Min(left, int.MaxValue));
            }

            _abandoned = true;
            return _output;
        }
    }

    /// <summary>Why no answer will come, where that is known.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_gate) return _failure;
        }
    }
}
