using Grid.Engine.Requests;

namespace Grid.Engine.Scheduling;

/// <summary>What a step has left to give.</summary>
internal sealed class StepBudget(SchedulerConfig config)
{
    // A row is as long as the vocabulary: a whole prompt of rows would take more memory than many a model.
    private const int MaxPromptLogprobTokens = 256;

    private int _tokens;
    private int _promptLogprobTokens;

    public bool IsSpent => _tokens == 0;

    public void Reset() => (_tokens, _promptLogprobTokens) = (config.MaxNumBatchedTokens, MaxPromptLogprobTokens);

    /// <summary>How many of its missing tokens a request may compute in this step.</summary>
    public int Offer(Request request, int missing)
    {
        if (!config.EnableChunkedPrefill) return missing <= _tokens ? missing : 0;
        return Math.Min(Math.Min(missing, _tokens), request.NeedsPromptLogprobs ? _promptLogprobTokens : int.MaxValue);
    }

    public void Take(Request request, int tokens)
    {
        _tokens -= tokens;
        if (request.NeedsPromptLogprobs) _promptLogprobTokens = Math.Max(0, _promptLogprobTokens - tokens);
    }

    /// <summary>Takes back what a preempted request was given.</summary>
    public void Return(int tokens) => _tokens += tokens;
}
