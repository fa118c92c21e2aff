using System.Diagnostics;
using Grid.Engine.Kernels;
using Grid.Engine.Layers.Experts;
using Grid.Engine.Parallelism.Collectives;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>
/// One attention rank's way to the experts. What a lost shard has not answered is asked again of a copy or of its next incarnation;
/// a call is a pure function of its rows, so that changes no bit.
/// </summary>
/// <param name="directory">Where the experts are.</param>
/// <param name="load">Counts what is sent.</param>
/// <param name="rebalancer">Told of steps; null: none.</param>
/// <param name="timeout">How long a step may wait for an answer in all.</param>
internal sealed class ExpertClient(ExpertDirectory directory, ExpertLoad load, ExpertRebalancer? rebalancer, TimeSpan timeout)
{
    // A shard that is silent for so long is asked again, or a copy of it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private long _step;

    /// <summary>Tells which engine step is being computed from now on.</summary>
    public void BeginStep(long step)
    {
        Volatile.Write(ref _step, step);
        rebalancer?.OnStep();
    }

    /// <summary>The experts of one layer.</summary>
    public IExpertLayer OfLayer(int layer, IKernels kernels) => new Layer(this, layer, kernels);

    private void AddTo(int layer, IKernels kernels, Tensor sum, Tensor x, ExpertRouting routing)
    {
        var experts = directory.Placement.Holders[layer].Length;
        var answers = new (Tensor Output, int First)?[experts];
        var outputs = new List<Tensor>();
        try
        {
            Ask(layer, kernels, x, routing, answers, outputs);
            for (var expert = 0; expert < experts; expert++)
            {
                if (answers[expert] is not { } answer) continue;
                var rows = routing.RowsOf(expert);
                using var part = answer.Output.narrow(0, answer.First, rows.Length);
                kernels.AddWeightedRows(sum, part, rows, routing.WeightsOf(expert));
            }
        }
        finally
        {
            foreach (var output in outputs) output.Dispose();
        }
    }

    private void Ask(int layer, IKernels kernels, Tensor x, ExpertRouting routing, (Tensor Output, int First)?[] answers, List<Tensor> outputs)
    {
        var open = new List<int>();
        for (var expert = 0; expert < answers.Length; expert++)
        {
            var rows = routing.RowsOf(expert).Length;
            if (rows == 0) continue;
            open.Add(expert);
            load.Add(layer, expert, rows);
        }

        var start = Stopwatch.GetTimestamp();
        while (open.Count > 0)
        {
            var calls = Submit(layer, kernels, x, routing, open);
            open.Clear();
            foreach (var (call, input) in calls)
            {
                var left = timeout - Stopwatch.GetElapsedTime(start);
                var output = call.Wait(left < Patience ? left : Patience);
                if (output is null) foreach (var run in call.Runs) open.Add(run.Expert);
                else
                {
                    outputs.Add(output);
                    Place(call, output, answers);
                }

                input.Dispose();
            }

            if (open.Count == 0) continue;
            if (Stopwatch.GetElapsedTime(start) >= timeout)
                throw CollectiveException.TimedOut("expert_call", Volatile.Read(ref _step), timeout, open.Select(expert => directory.NameOf(layer, expert)).Distinct());
            open.Sort();
        }
    }

    /// <summary>Sends each shard the rows of its experts. Experts without a living shard wait for one.</summary>
    private List<(ExpertCall Call, Tensor Input)> Submit(int layer, IKernels kernels, Tensor x, ExpertRouting routing, List<int> experts)
    {
        var byShard = new Dictionary<IExpertShard, List<int>>();
        var missing = new List<int>();
        foreach (var expert in experts)
        {
            if (directory.Find(layer, expert) is not { } shard) missing.Add(expert);
            else if (byShard.TryGetValue(shard, out var list)) list.Add(expert);
            else byShard[shard] = [expert];
        }

        var calls = new List<(ExpertCall, Tensor)>();
        foreach (var (shard, held) in byShard)
        {
            var input = kernels.SelectRows(x, Rows(routing, held));
            var call = new ExpertCall(layer, Volatile.Read(ref _step), [.. held.Select(expert => new ExpertRun(expert, routing.RowsOf(expert).Length))], input);
            shard.Submit(call);
            calls.Add((call, input));
        }

        if (missing.Count == 0) return calls;
        directory.WaitForChange(TimeSpan.FromMilliseconds(100));
        var unanswered = new ExpertCall(layer, Volatile.Read(ref _step), [.. missing.Select(expert => new ExpertRun(expert, 0))], x);
        unanswered.Fail(new InvalidOperationException("No living shard holds these experts."));
        calls.Add((unanswered, x.alias()));
        return calls;
    }

    private static int[] Rows(ExpertRouting routing, List<int> experts)
    {
        var rows = new List<int>();
        foreach (var expert in experts) rows.AddRange(routing.RowsOf(expert));
        return [.. rows];
    }

    private static void Place(ExpertCall call, Tensor output, (Tensor Output, int First)?[] answers)
    {
        var first = 0;
        foreach (var run in call.Runs)
        {
            answers[run.Expert] = (output, first);
            first += run.Rows;
        }
    }

    private sealed class Layer(ExpertClient client, int layer, IKernels kernels) : IExpertLayer
    {
        public void AddTo(Tensor sum, Tensor x, ExpertRouting routing) => client.AddTo(layer, kernels, sum, x, routing);
    }
}
