using Grid.Primitives.Timing;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>
/// Rows of one layer for some experts, answered by one unweighted row for each. A call is a pure function of its rows: any shard that holds
/// the experts may answer it, and it may be repeated.
/// </summary>
/// <param name="layer">Index of the layer in the model.</param>
/// <param name="step">The step that the caller is in.</param>
/// <param name="attempt">How often these rows were sent before.</param>
/// <param name="runs">The experts of the rows, ascending.</param>
/// <param name="input">
/// [rows, hidden]. The call owns it and disposes it when it ends: the caller may have given up by then.
/// </param>
/// <param name="ended">Called when the call has ended.</param>
internal sealed class ExpertCall(int layer, long step, int attempt, ExpertRun[] runs, Tensor input, Action<ExpertCall>? ended = null)
{
    private readonly Signal _signal = new();
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
            lock (_signal) return _failure;
        }
    }

    /// <summary>Ends the call with an answer, which is dropped if the caller has given up.</summary>
    /// <param name="output">[rows, hidden], which the call owns from now on.</param>
    public void Complete(Tensor output) => End(output, null);

    /// <summary>Ends the call without an answer.</summary>
    public void Fail(Exception failure) => End(null, failure);

    /// <summary>Waits until the call has ended.</summary>
    /// <returns>False if the deadline passed first.</returns>
    public bool Wait(Deadline deadline)
    {
        lock (_signal) return _signal.WaitUntil(this, static call => call._ended, deadline);
    }

    /// <summary>Takes the answer, or gives up: an answer that comes later is dropped.</summary>
    /// <returns>[rows, hidden], which the caller owns; null: there is no answer.</returns>
    public Tensor? Take()
    {
        lock (_signal)
        {
            _taken = true;
            return _output;
        }
    }

    private void End(Tensor? output, Exception? failure)
    {
        lock (_signal)
        {
            input.Dispose();
            if (_taken) output?.Dispose();
            else _output = output;
            (_failure, _ended) = (failure, true);
        }

        _signal.Notify();
        ended?.Invoke(this);
    }
}
