using Grid.Engine.Requests;

namespace Grid.Engine.Scheduling;

/// <summary>What a step has left to give.</summary>
internal sealed class StepBudget(SchedulerConfig config)
{
    // A row is as long as the vocabulary: a whole prompt of rows would take more memory than many a model.
    private const int MaxPromptLogprobTokens = 256;

    private int _tokens;
    private int _sequences;
    private int _promptLogprobTokens;

    public bool IsSpent => _tokens == 0 || _sequences == 0;

    /// <summary>Begins a step.</summary>
    /// <param name="unfinished">Requests that run or wait. With several stages a step takes its share of them, so that there is work for
    /// each.</param>
    public void Reset(int unfinished)
    {
        (_tokens, _promptLogprobTokens) = (config.MaxNumBatchedTokens, MaxPromptLogprobTokens);
        _sequences = config.NumStages == 1 ? int.MaxValue : Math.Max(1, (unfinished + config.NumStages - 1) / config.NumStages);
    }

    /// <summary>How many of its missing tokens a request may compute in this step.</summary>
    public int Offer(Request request, int missing)
    {
        if (!config.EnableChunkedPrefill) return missing <= _tokens ? missing : 0;
        return Math.Min(Math.Min(missing, _tokens), request.NeedsPromptLogprobs ? _promptLogprobTokens : int.MaxValue);
    }

    public void Take(Request request, int tokens)
    {
        _tokens -= tokens;
        _sequences--;
        if (request.NeedsPromptLogprobs) _promptLogprobTokens = Math.Max(0, _promptLogprobTokens - tokens);
    }

    /// <summary>Takes back what a preempted request was given.</summary>
    public void Return(int tokens)
    {
        if (tokens == 0) return;
        _tokens += tokens;
        _sequences++;
    }
}
