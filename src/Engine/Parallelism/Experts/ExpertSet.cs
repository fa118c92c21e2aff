using Grid.Engine.Layers;
using Grid.Engine.Layers.Experts;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>The experts that a shard holds. Used by its thread.</summary>
/// <param name="number">3 of ep3.</param>
/// <param name="read">Reads an expert of a layer. What it builds from is disposed with it.</param>
internal sealed class ExpertSet(int number, Func<int, int, (LayerContext Context, GatedMlp Expert)> read) : IDisposable
{
    private readonly Dictionary<(int Layer, int Expert), (LayerContext Context, GatedMlp Expert)> _experts = [];

    /// <summary>Reads what a placement gives the shard and it does not hold.</summary>
    public void Load(ExpertPlacement placement)
    {
        foreach (var (layer, expert) in placement.HeldBy(number))
            if (!_experts.ContainsKey((layer, expert))) _experts[(layer, expert)] = read(layer, expert);
    }

    /// <summary>Lets go of what a placement does not give it.</summary>
    public void Trim(ExpertPlacement placement)
    {
        foreach (var expert in _experts.Keys.Except(placement.HeldBy(number)).ToList())
            if (_experts.Remove(expert, out var held)) held.Context.Dispose();
    }

    /// <summary>Computes calls of one layer together, expert by expert.</summary>
    public void Answer(List<ExpertCall> batch)
    {
        batch.RemoveAll(FailIfNotHeld);
        var outputs = new List<Tensor>();
        try
        {
            using var scope = NewDisposeScope();
            outputs.AddRange(batch.Select(call => empty_like(call.Input).DetachFromDisposeScope()));
            foreach (var expert in batch.SelectMany(call => call.Runs.ToArray()).Select(run => run.Expert).Distinct().Order()) Compute(batch, outputs, expert);
        }
        catch (Exception exception)
        {
            foreach (var output in outputs) output.Dispose();
            foreach (var call in batch) call.Fail(exception);
            return;
        }

        for (var i = 0; i < batch.Count; i++) batch[i].Complete(outputs[i]);
    }

    /// <summary>Only the call that names it fails, not those of other ranks that stand beside it.</summary>
    private bool FailIfNotHeld(ExpertCall call)
    {
        foreach (var run in call.Runs)
        {
            if (_experts.ContainsKey((call.Layer, run.Expert))) continue;
            call.Fail(new InvalidOperationException($"{ExpertPlacement.NameOf(number)} does not hold expert {run.Expert} of layer {call.Layer}, which step {call.Step} asks for."));
            return true;
        }

        return false;
    }

    private void Compute(List<ExpertCall> batch, List<Tensor> outputs, int expert)
    {
        var held = _experts[(batch[0].Layer, expert)];
        var places = new List<(Tensor Input, Tensor Output)>();
        for (var i = 0; i < batch.Count; i++)
        {
            var first = 0;
            foreach (var run in batch[i].Runs)
            {
                if (run.Expert == expert) places.Add((batch[i].Input.narrow(0, first, run.Rows), outputs[i].narrow(0, first, run.Rows)));
                first += run.Rows;
            }
        }

        var input = places is [var only] ? only.Input : cat([.. places.Select(place => place.Input)], 0);
        var result = held.Expert.ForwardPart(input);
        var row = 0L;
        foreach (var (_, output) in places)
        {
            output.copy_(result.narrow(0, row, output.size(0)));
            row += output.size(0);
        }
    }

    public void Dispose()
    {
        foreach (var (context, _) in _experts.Values) context.Dispose();
        _experts.Clear();
    }
}
