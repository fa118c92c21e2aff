using Grid.Engine.Layers;
using Grid.Primitives.Ids;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>The experts that a shard holds. Used by the shard's thread only.</summary>
/// <param name="number">The number of the shard.</param>
/// <param name="read">Reads an expert of a layer. The context is disposed when the expert is dropped.</param>
internal sealed class ExpertSet(int number, Func<int, int, (LayerContext Context, GatedMlp Expert)> read) : IDisposable
{
    private readonly Dictionary<(int Layer, int Expert), (LayerContext Context, GatedMlp Expert)> _experts = [];

    /// <summary>Reads the experts that a placement assigns to the shard and that it does not hold yet.</summary>
    public void Load(ExpertPlacement placement)
    {
        foreach (var (layer, expert) in placement.HeldBy(number))
            if (!_experts.ContainsKey((layer, expert))) _experts[(layer, expert)] = read(layer, expert);
    }

    /// <summary>Drops the experts that a placement does not assign to the shard.</summary>
    public void Trim(ExpertPlacement placement)
    {
        foreach (var expert in _experts.Keys.Except(placement.HeldBy(number)).ToList())
            if (_experts.Remove(expert, out var held)) held.Context.Dispose();
    }

    /// <summary>Computes and answers calls of one layer together, expert by expert.</summary>
    public void Answer(List<ExpertCall> batch)
    {
        batch.RemoveAll(FailIfNotHeld);
        var outputs = new List<Tensor>();
        try
        {
            using var scope = NewDisposeScope();
            outputs.AddRange(batch.Select(call => empty_like(call.Input).DetachFromDisposeScope()));
            foreach (var expert in batch.SelectMany(call => call.Runs.ToArray()).Select(run => run.Expert).Distinct().Order())
                Compute(batch, outputs, expert);
        }
        catch (Exception exception)
        {
            foreach (var output in outputs) output.Dispose();
            foreach (var call in batch) call.Fail(exception);
            return;
        }

        for (var i = 0; i < batch.Count; i++) batch[i].Complete(outputs[i]);
    }

    /// <summary>Only the call that names a missing expert fails, not those of other ranks in the same batch.</summary>
    private bool FailIfNotHeld(ExpertCall call)
    {
        foreach (var run in call.Runs)
        {
            if (_experts.ContainsKey((call.Layer, run.Expert))) continue;
            call.Fail(new InvalidOperationException(
                $"{ExpertShardId.NameOf(number)} does not hold expert {run.Expert} of layer {call.Layer}, which step {call.Step} "
                + "needs."));
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
                if (run.Expert == expert)
                    places.Add((batch[i].Input.narrow(0, first, run.Rows), outputs[i].narrow(0, first, run.Rows)));
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
