using System.Runtime.InteropServices;
using Grid.Engine.Execution;
using Grid.Engine.KVCache;
using Grid.Engine.Sampling;
using Grid.Engine.Scheduling;

namespace Grid.Engine.Tests.Serving;

/// <summary>A runner around another that can be stopped before a step, break, or give rows that are no numbers.</summary>
internal sealed unsafe class FaultyRunner(IModelRunner inner) : IModelRunner
{
    private readonly SemaphoreSlim _steps = new(0);
    private float* _poisonedRows;
    private SchedulerOutput _step = new();

    /// <summary>Whether each step waits for <see cref="Release"/>.</summary>
    public bool Gated { get; init; }

    /// <summary>Throws before a step where it says so.</summary>
    public Func<SchedulerOutput, bool> Breaks { get; set; } = _ => false;

    /// <summary>Id of a request whose logits are NaN.</summary>
    public string? Poisoned { get; init; }

    public bool Disposed { get; private set; }

    public ModelRunnerInfo Info => inner.Info;

    public void Release(int steps) => _steps.Release(steps);

    public IKVCacheStorage KVCache => inner.KVCache;

    public void Submit(SchedulerOutput step)
    {
        if (Gated && !_steps.Wait(EngineTestBed.Patience)) throw new TimeoutException("No test released this step.");
        if (Breaks(step)) throw new InvalidOperationException("the device fell off");
        inner.Submit(_step = step);
    }

    public ModelRunnerOutput Collect() => Poisoned is null ? inner.Collect() : Poison(_step, inner.Collect());

    public void Dispose()
    {
        Disposed = true;
        NativeMemory.Free(_poisonedRows);
        _poisonedRows = null;
        inner.Dispose();
    }

    /// <summary>Copies the rows, since the inner runner counts on finding its own as it left them.</summary>
    private ModelRunnerOutput Poison(SchedulerOutput step, ModelRunnerOutput output)
    {
        _poisonedRows = (float*)NativeMemory.Realloc(_poisonedRows, (nuint)(output.Logits.Count * Info.VocabSize * sizeof(float)));
        var row = 0;
        foreach (var scheduled in step.Requests)
        {
            for (var i = 0; i < scheduled.NumLogits; i++, row++)
            {
                var copy = new Span<float>(_poisonedRows + row * Info.VocabSize, Info.VocabSize);
                output.Logits[row].CopyTo(copy);
                if (scheduled.Request.Source.Id == Poisoned) copy.Fill(float.NaN);
            }
        }

        var rows = new LogitRows(_poisonedRows, output.Logits.Count, Info.VocabSize);
        new Sampler(Info.VocabSize).Sample(rows, step.Sampling, output.Sampled);
        return new(output.Sampled, rows);
    }
}
