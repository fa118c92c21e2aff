using Grid.Engine.Sampling;
using Grid.Engine.Scheduling;

namespace Grid.Engine.Execution;

/// <summary>Answers a step from logit rows in host memory, below the seam of the runners that have them there.</summary>
internal sealed class HostSampler
{
    private readonly SamplerOutput _output = new();
    private Sampler? _sampler;

    /// <summary>The answers to a step, valid until the next call.</summary>
    /// <param name="step">The request.</param>
    /// <param name="rows">The rows of the logits that belong to the sequence.</param>
    /// <param name="vocabSize">Length of a row; the same in every call.</param>
    public ModelRunnerOutput Answer(SchedulerOutput step, in LogitRows rows, int vocabSize)
    {
        _sampler ??= new Sampler(vocabSize);
        _sampler.Sample(rows, step.Sampling, _output);
        return new(_output, rows);
    }
}
