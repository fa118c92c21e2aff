using Grid.Engine.Requests;
using Grid.Engine.Sampling;
using Grid.Engine.Scheduling;

namespace Grid.Engine.Serving;

/// <summary>Writes down what a step's requests want of their logit rows.</summary>
internal static class SamplingBatchBuilder
{
    /// <summary>Fills <see cref="SchedulerOutput.Sampling"/> of a step that is scheduled.</summary>
    public static void Fill(SchedulerOutput step)
    {
        var row = 0;
        for (var i = 0; i < step.Scheduled.Count; i++)
        {
            var scheduled = step.Scheduled[i];
            if (scheduled.Request.NeedsPromptLogprobs) AddScores(step.Sampling, i, scheduled, row);
            row += scheduled.NumLogits;
            if (scheduled.NumComputedTokens + scheduled.NumScheduledTokens == scheduled.Request.NumTokens)
                step.Sampling.Add(Draw(i, row - 1, scheduled.Request));
        }
    }

    private static TokenDraw Draw(int index, int row, Request request)
    {
        var state = request.Stream!.SamplingState;
        return new(index, row, state, state.AllowedTokens, request.Source.Sampling.Logprobs);
    }

    private static void AddScores(SamplingBatch batch, int index, in ScheduledRequest scheduled, int row)
    {
        var request = scheduled.Request;
        var first = scheduled.NumComputedTokens + scheduled.NumScheduledTokens - scheduled.NumLogits;
        for (var i = 0; i < scheduled.NumLogits; i++)
        {
            // After a preemption the first may be known; the last row may be one to draw from.
            var position = first + i + 1;
            if (position < request.NumPromptLogprobs || position >= request.NumPromptTokens) continue;
            batch.Add(new PromptScore(index, row + i, request.Tokens[position], request.Source.Sampling.PromptLogprobs!.Value));
        }
    }
}
