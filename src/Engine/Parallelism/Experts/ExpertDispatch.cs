using System.Diagnostics;
using System.Runtime.CompilerServices;
using Grid.Engine.Collectives;
using Grid.Engine.Experts;
using Grid.Engine.Kernels;
using Grid.Primitives.Timing;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>
/// Sends the rows of one layer and step to the experts and combines their answers. Rows that are not answered are sent again, to whichever
/// shards hold the experts by then.
/// </summary>
/// <param name="directory">Where the experts are.</param>
/// <param name="usage">Counts the rows sent and the waits for lost shards.</param>
/// <param name="times">Counts the waits for answers.</param>
/// <param name="layer">Index of the layer in the model.</param>
/// <param name="timeout">How long to wait for all answers together.</param>
/// <param name="time">The clock that waits follow.</param>
/// <param name="interrupted">Set when the rank is being stopped.</param>
internal sealed class ExpertDispatch(
    ExpertDirectory directory,
    ExpertUsage usage,
    CollectiveTimes times,
    int layer,
    long step,
    TimeSpan timeout,
    TimeProvider time,
    StrongBox<bool> interrupted) : IDisposable
{
    // After such a silence of a shard its rows are sent to a copy, where there is one.
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(5);

    // Before a shard that is alive and failed is called again.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly long _clockStart = time.GetTimestamp();
    private readonly Deadline _deadline = Deadline.After(time, timeout);
    private readonly (Tensor Output, int First)?[] _answers = new (Tensor, int)?[directory.Placement.Holders[layer].Length];
    private readonly List<Tensor> _outputs = [];
    private readonly List<int> _open = [];
    private readonly HashSet<IExpertShard> _silent = [];
    private Exception? _cause;
    private int _attempt;
    private long _lostSince;

    private bool IsInterrupted => Volatile.Read(ref interrupted.Value);

    /// <summary>Sends the rows and returns when all are answered.</summary>
    /// <exception cref="CollectiveException">They were not answered in time, or the rank is being stopped.</exception>
    public void Send(IKernels kernels, Tensor x, ExpertRouting routing)
    {
        for (var expert = 0; expert < _answers.Length; expert++)
            if (!routing.RowsOf(expert).IsEmpty) _open.Add(expert);
        try
        {
            while (true)
            {
                var version = directory.Version;
                var calls = Call(kernels, x, routing, out var pause);
                foreach (var (call, shard) in calls) pause |= !Receive(call, shard);
                if (_open.Count == 0) return;
                ThrowIfOver();
                var begun = Stopwatch.GetTimestamp();
                times.Wait.Begin(CollectiveOperation.ExpertCall, step, directory.NameOf(layer, _open[0]), time, _clockStart);
                if (pause) directory.WaitForChange(version, _deadline.OrAfter(time, Pause));
                times.Waited(CollectiveOperation.ExpertCall, begun);
                _attempt++;
            }
        }
        finally
        {
            times.Wait.End();
            if (_lostSince != 0) usage.AddStall(_lostSince);
        }
    }

    /// <summary>Adds the answers, weighted, in the order of experts.</summary>
    public void Combine(IKernels kernels, Tensor sum, ExpertRouting routing)
    {
        for (var expert = 0; expert < _answers.Length; expert++)
        {
            if (_answers[expert] is not { } answer) continue;
            var rows = routing.RowsOf(expert);
            using var part = answer.Output.narrow(0, answer.First, rows.Length);
            kernels.AddWeightedRows(sum, part, rows, routing.WeightsOf(expert));
        }
    }

    public void Dispose()
    {
        foreach (var output in _outputs) output.Dispose();
    }

    private void ThrowIfOver()
    {
        const string Operation = "expert_call";
        if (directory.IsClosed || IsInterrupted)
            throw CollectiveException.Broken(Operation, step, directory.NameOf(layer, _open[0]), _cause);
        if (_deadline.HasPassed)
            throw CollectiveException.TimedOut(
                Operation, step, timeout, _open.Select(expert => directory.NameOf(layer, expert)).Distinct(), _cause);
    }

    /// <summary>Calls each shard with the rows of its experts.</summary>
    /// <param name="kernels">The kernels that select the rows.</param>
    /// <param name="x">All rows: [rows, hidden].</param>
    /// <param name="routing">Which rows go to which experts.</param>
    /// <param name="missing">Whether an expert has no living shard and has to wait for one.</param>
    private List<(ExpertCall Call, IExpertShard Shard)> Call(IKernels kernels, Tensor x, ExpertRouting routing, out bool missing)
    {
        missing = false;
        var byShard = new Dictionary<IExpertShard, List<int>>();
        foreach (var expert in _open)
        {
            if (directory.Find(layer, expert, _silent) is not { } shard) missing = true;
            else if (byShard.TryGetValue(shard, out var list)) list.Add(expert);
            else byShard[shard] = [expert];
        }

        if (missing) NoteLoss(Stopwatch.GetTimestamp());
        var calls = new List<(ExpertCall, IExpertShard)>();
        foreach (var (shard, held) in byShard)
        {
            int[] rows = [.. held.SelectMany(expert => routing.RowsOf(expert).ToArray())];
            ExpertRun[] runs = [.. held.Select(expert => new ExpertRun(expert, routing.RowsOf(expert).Length))];
            var call = new ExpertCall(layer, step, _attempt, runs, kernels.SelectRows(x, rows).DetachFromDisposeScope());
            usage.AddRows(shard.Number, rows.Length);
            shard.Submit(call);
            calls.Add((call, shard));
        }

        return calls;
    }

    /// <summary>Waits for an answer, as long as no other shard could give it.</summary>
    /// <returns>False if the shard reported that there will be none.</returns>
    private bool Receive(ExpertCall call, IExpertShard shard)
    {
        var begun = Stopwatch.GetTimestamp();
        times.Wait.Begin(CollectiveOperation.ExpertCall, step, directory.NameOf(shard.Number), time, _clockStart);
        while (!call.Wait(_deadline.OrAfter(time, SilenceLimit)) && !_deadline.HasPassed && !IsInterrupted)
        {
            if (!HasCopy(call, shard)) continue;
            _silent.Add(shard);
            NoteLoss(_start);
            break;
        }

        times.Waited(CollectiveOperation.ExpertCall, begun);
        if (call.Take() is not { } output)
        {
            _cause = call.Failure ?? _cause;
            if (call.Failure is IOException) NoteLoss(Stopwatch.GetTimestamp());
            return call.Failure is null;
        }

        _outputs.Add(output);
        var first = 0;
        foreach (var run in call.Runs)
        {
            _answers[run.Expert] = (output, first);
            _open.Remove(run.Expert);
            first += run.Rows;
        }

        return true;
    }

    private bool HasCopy(ExpertCall call, IExpertShard shard)
    {
        foreach (var run in call.Runs)
            if (directory.Find(layer, run.Expert, [.. _silent, shard]) is { } other && other != shard) return true;
        return false;
    }

    private void NoteLoss(long since)
    {
        if (_lostSince == 0) _lostSince = since;
    }
}
