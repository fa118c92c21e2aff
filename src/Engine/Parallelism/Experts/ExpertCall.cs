using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>Rows of one layer for some experts, and one unweighted row for each in return. A pure function of its rows: it may be asked anywhere, and again.</summary>
/// <param name="layer">Layer of the model.</param>
/// <param name="step">Step of the rank that asks.</param>
/// <param name="attempt">How often these rows were asked before.</param>
/// <param name="runs">The rows' experts, ascending.</param>
/// <param name="input">[rows, hidden]; passes over, and is let go of with the answer: who asked may have given up by then.</param>
/// <param name="ended">Called once there is an answer, or will be none.</param>
internal sealed class ExpertCall(int layer, long step, int attempt, ExpertRun[] runs, Tensor input, Action<ExpertCall>? ended = null)
{
    private readonly object _gate = new();
    private Tensor? _output;
    private Exception? _failure;
    private bool _ended;
    private bool _taken;

    public int Layer => layer;

    public long Step => step;

    public int Attempt => attempt;

    public ReadOnlySpan<ExpertRun> Runs => runs;

    /// <summary>Valid until the call ends.</summary>
    public Tensor Input => input;

    /// <summary>Why there is no answer.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_gate) return _failure;
        }
    }

    /// <summary>Answers; an answer that nobody waits for any more is thrown away.</summary>
    /// <param name="output">Passes over.</param>
    public void Complete(Tensor output) => End(output, null);

    /// <summary>Tells that no answer will come.</summary>
    public void Fail(Exception failure) => End(null, failure);

    /// <summary>Waits until it has ended.</summary>
    /// <returns>False if that was not in time.</returns>
    public bool Wait(TimeSpan timeout)
    {
        lock (_gate)
        {
            var end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
            while (!_ended)
            {
                var left = end - Environment.TickCount64;
                if (left <= 0) return false;
                Monitor.Wait(_gate, (int)Math.Min(left, int.MaxValue));
            }

            return true;
        }
    }

    /// <summary>Takes the answer, or gives up: one that comes later is thrown away.</summary>
    /// <returns>The answer, which passes over; null: there is none.</returns>
    public Tensor? Take()
    {
        lock (_gate)
        {
            _taken = true;
            return _output;
        }
    }

    private void End(Tensor? output, Exception? failure)
    {
        lock (_gate)
        {
            input.Dispose();
            if (_taken) output?.Dispose();
            else _output = output;
            (_failure, _ended) = (failure, true);
            Monitor.PulseAll(_gate);
        }

        ended?.Invoke(this);
    }
}
