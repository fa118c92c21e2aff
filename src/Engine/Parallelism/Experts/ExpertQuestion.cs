using System.Diagnostics;
using System.Runtime.CompilerServices;
using Grid.Engine.Kernels;
using Grid.Engine.Layers.Experts;
using Grid.Engine.Parallelism.Collectives;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>One layer's rows of a step on their way to the experts. What is not answered is asked again, of whoever holds the experts by then.</summary>
/// <param name="directory">Where the experts are.</param>
/// <param name="use">Counts what is sent and waited for.</param>
/// <param name="times">Counts the waits for answers.</param>
/// <param name="layer">Layer of the model.</param>
/// <param name="step">Step of the rank.</param>
/// <param name="timeout">How long to ask in all.</param>
/// <param name="interrupted">Set where the rank is being stopped.</param>
internal sealed class ExpertQuestion(ExpertDirectory directory, ExpertUse use, CollectiveTimes times, int layer, long step, TimeSpan timeout, StrongBox<bool> interrupted) : IDisposable
{
    // A shard that is silent for so long is passed over for a copy, where there is one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Before one that lives and fails is asked again.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly (Tensor Output, int First)?[] _answers = new (Tensor, int)?[directory.Placement.Holders[layer].Length];
    private readonly List<Tensor> _outputs = [];
    private readonly List<int> _open = [];
    private readonly HashSet<IExpertShard> _silent = [];
    private Exception? _cause;
    private int _attempt;
    private long _lostSince;

    private bool IsInterrupted => Volatile.Read(ref interrupted.Value);

    private TimeSpan Left => timeout - Stopwatch.GetElapsedTime(_start);

    /// <summary>Asks until all rows are answered.</summary>
    /// <exception cref="CollectiveException">They were not in time.</exception>
    public void Ask(IKernels kernels, Tensor x, ExpertRouting routing)
    {
        for (var expert = 0; expert < _answers.Length; expert++)
            if (!routing.RowsOf(expert).IsEmpty) _open.Add(expert);
        try
        {
            while (true)
            {
                var version = directory.Version;
                var calls = Send(kernels, x, routing, out var pause);
                foreach (var (call, shard) in calls) pause |= !Receive(call, shard);
                if (_open.Count == 0) return;
                if (directory.IsClosed || IsInterrupted) throw CollectiveException.Broken("expert_call", step, directory.NameOf(layer, _open[0]), _cause);
                if (Left <= TimeSpan.Zero) throw CollectiveException.TimedOut("expert_call", step, timeout, _open.Select(expert => directory.NameOf(layer, expert)).Distinct(), _cause);
                var begun = Stopwatch.GetTimestamp();
                times.Wait.Begin(CollectiveOperation.ExpertCall, step, directory.NameOf(layer, _open[0]), _start);
                if (pause) directory.WaitForChange(version, Shorter(Left, Pause));
                times.Waited(CollectiveOperation.ExpertCall, begun);
                _attempt++;
            }
        }
        finally
        {
            times.Wait.End();
            if (_lostSince != 0) use.AddStall(_lostSince);
        }
    }

    /// <summary>Adds the answers, weighted, in the order of experts.</summary>
    public void AddTo(IKernels kernels, Tensor sum, ExpertRouting routing)
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

    /// <summary>Sends each shard the rows of its experts.</summary>
    /// <param name="kernels">Of the rank.</param>
    /// <param name="x">All rows.</param>
    /// <param name="routing">Theirs.</param>
    /// <param name="missing">Whether an expert has no living shard: it is to wait for one.</param>
    private List<(ExpertCall Call, IExpertShard Shard)> Send(IKernels kernels, Tensor x, ExpertRouting routing, out bool missing)
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
            var input = kernels.SelectRows(x, rows).DetachFromDisposeScope();
            var call = new ExpertCall(layer, step, _attempt, [.. held.Select(expert => new ExpertRun(expert, routing.RowsOf(expert).Length))], input);
            use.AddRows(shard.Number, rows.Length);
            shard.Submit(call);
            calls.Add((call, shard));
        }

        return calls;
    }

    /// <summary>Waits for an answer, as long as nobody else could give it.</summary>
    /// <returns>False if the shard said that there will be none.</returns>
    private bool Receive(ExpertCall call, IExpertShard shard)
    {
        var begun = Stopwatch.GetTimestamp();
        times.Wait.Begin(CollectiveOperation.ExpertCall, step, directory.NameOf(shard.Number), _start);
        while (!call.Wait(Shorter(Left, Patience)) && Left > TimeSpan.Zero && !IsInterrupted)
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

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
