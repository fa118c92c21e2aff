using Grid.Engine.KVCache;
using Grid.Engine.Requests;

namespace Grid.Engine.Scheduling;

/// <summary>
/// vLLM V1's scheduler: no prefill or decode phase, each request's computed tokens chase its tokens under one token budget a step.
/// A cycle is <see cref="Schedule"/>, execute, <see cref="Complete"/> for each scheduled request, append or <see cref="Finish"/>.
/// Several steps may be in flight if each has its own <see cref="SchedulerOutput"/> and they complete in order.
/// </summary>
internal sealed class Scheduler
{
    private readonly int _maxNumSeqs;
    private readonly StepBudget _budget;
    private readonly KVCacheManager _kvCache;
    private readonly RequestOrder _order;
    private readonly List<Request> _running = [];
    private readonly List<Request> _ending = [];

    // Preempted requests need no queue of their own: those that never ran came later, so a preempted request stands before them,
    // or before those of its priority.
    private readonly SortedSet<Request> _waiting;
    private long _arrivals;
    private long _steps;

    public Scheduler(SchedulerConfig config, KVCacheManager kvCache)
    {
        _maxNumSeqs = config.MaxNumSeqs;
        _budget = new(config);
        _kvCache = kvCache;
        _order = new RequestOrder(config.Policy);
        _waiting = new SortedSet<Request>(_order);
    }

    public IReadOnlyList<Request> Running => _running;

    /// <summary>In the order of service.</summary>
    public IReadOnlyCollection<Request> Waiting => _waiting;

    public bool HasWork => _running.Count + _waiting.Count + _ending.Count > 0;

    public long NumSteps => _steps;

    public long NumPreemptions { get; private set; }

    /// <summary>Waiting requests that ran before.</summary>
    public int NumPreempted { get; private set; }

    /// <summary>Tokens of these.</summary>
    public long NumPreemptedTokens { get; private set; }

    /// <summary>Prompt tokens that were looked up in the prefix cache.</summary>
    public long PrefixCacheQueries { get; private set; }

    /// <summary>Prompt tokens that were found there.</summary>
    public long PrefixCacheHits { get; private set; }

    public void Add(Request request)
    {
        request.Sequence = ++_arrivals;
        request.Status = RequestStatus.Waiting;
        _waiting.Add(request);
    }

    /// <summary>Fills <paramref name="output"/> with the next step; it stays empty if all work is in flight.</summary>
    public void Schedule(SchedulerOutput output)
    {
        output.Reset(++_steps);
        _budget.Reset(_running.Count + _waiting.Count);
        if (!ScheduleRunning(output)) ScheduleWaiting(output);
        foreach (var (request, _, tokens, _) in output.Scheduled)
        {
            request.NumComputedTokens += tokens;
            request.NumStepsInFlight++;
        }
    }

    /// <summary>Takes note that a request's part of a step is computed.</summary>
    /// <returns>Whether the request still runs; its blocks have returned if it ended in flight.</returns>
    public bool Complete(in ScheduledRequest scheduled)
    {
        var request = scheduled.Request;
        request.NumStepsInFlight--;
        if (request.Status != RequestStatus.Finished)
        {
            _kvCache.Publish(request.Cached, request.Tokens, scheduled.NumComputedTokens + scheduled.NumScheduledTokens);
            return true;
        }

        if (request.NumStepsInFlight > 0) return false;
        _ending.Remove(request);
        _kvCache.Free(request.Cached);
        return false;
    }

    /// <summary>Ends a request in any state. Its blocks return now, or with its last step in flight.</summary>
    public void Finish(Request request)
    {
        if (request.Status == RequestStatus.Finished) return;
        if (request.Status == RequestStatus.Running) _running.Remove(request);
        else RemoveWaiting(request);
        request.Status = RequestStatus.Finished;
        if (request.NumStepsInFlight == 0) _kvCache.Free(request.Cached);
        else _ending.Add(request);
    }

    /// <summary>Compares the KV cache with what the requests own.</summary>
    /// <exception cref="InvalidOperationException">They do not agree.</exception>
    public void CheckIntegrity() => _kvCache.CheckIntegrity(_running.Concat(_waiting).Concat(_ending).Select(request => request.Cached));

    /// <returns>Whether a request was preempted.</returns>
    private bool ScheduleRunning(SchedulerOutput output)
    {
        var preemptions = NumPreemptions;
        for (var i = 0; i < _running.Count && !_budget.IsSpent; i++)
        {
            var request = _running[i];
            var tokens = _budget.Offer(request, request.NumTokens - request.NumComputedTokens);
            if (tokens == 0) continue;
            if (!MakeRoom(request, tokens, output, ref i)) break;
            Give(output, request, tokens);
        }

        return NumPreemptions > preemptions;
    }

    /// <summary>Gives a running request its blocks, and preempts the last in order until there are enough.</summary>
    /// <returns>False if the request itself was the last, or all others are in flight.</returns>
    private bool MakeRoom(Request request, int tokens, SchedulerOutput output, ref int index)
    {
        while (!_kvCache.TryAllocate(request.Cached, request.NumComputedTokens + tokens))
        {
            if (LastPreemptible() is not { } victim) return false;
            var place = _running.IndexOf(victim);
            _budget.Return(output.Remove(victim));
            Preempt(victim, place);
            if (place <= index) index--;
            if (ReferenceEquals(victim, request)) return false;
        }

        return true;
    }

    private Request? LastPreemptible()
    {
        Request? last = null;
        foreach (var request in _running)
            if (request.NumStepsInFlight == 0 && (last is null || _order.Compare(request, last) > 0)) last = request;
        return last;
    }

    private void Preempt(Request victim, int place)
    {
        _running.RemoveAt(place);
        _kvCache.Free(victim.Cached);
        victim.NumComputedTokens = 0;
        victim.Status = RequestStatus.Preempted;
        _waiting.Add(victim);
        NumPreemptions++;
        NumPreempted++;
        NumPreemptedTokens += victim.NumTokens;
    }

    private void RemoveWaiting(Request request)
    {
        _waiting.Remove(request);
        if (request.Status != RequestStatus.Preempted) return;
        NumPreempted--;
        NumPreemptedTokens -= request.NumTokens;
    }

    private void ScheduleWaiting(SchedulerOutput output)
    {
        while (!_budget.IsSpent && _running.Count < _maxNumSeqs && _waiting.Min is { } request)
        {
            // Prompt logprobs come from computing.
            var cached = request.NeedsPromptLogprobs ? 0 : _kvCache.FindCachedPrefix(request.Cached, request.Tokens);
            var tokens = _budget.Offer(request, request.NumTokens - cached);
            if (tokens == 0 || !_kvCache.TryAdmit(request.Cached, request.NumTokens, cached, tokens)) break;

            RemoveWaiting(request);
            _running.Add(request);
            CountPrefixHits(request, cached);
            request.Status = RequestStatus.Running;
            request.NumComputedTokens = cached;
            Give(output, request, tokens);
        }
    }

    private void Give(SchedulerOutput output, Request request, int tokens)
    {
        output.Add(new(request, request.NumComputedTokens, tokens, CountLogits(request, request.NumComputedTokens, tokens)));
        _budget.Take(request, tokens);
    }

    private void CountPrefixHits(Request request, int cached)
    {
        if (request.NumCachedTokens >= 0) return;
        request.NumCachedTokens = Math.Min(cached, request.NumPromptTokens);
        PrefixCacheQueries += request.NumPromptTokens;
        PrefixCacheHits += request.NumCachedTokens;
    }

    /// <summary>The row of position p predicts token p + 1: the last row draws, earlier ones give prompt logprobs.</summary>
    private static int CountLogits(Request request, int start, int tokens)
    {
        var end = start + tokens;
        var logits = end == request.NumTokens ? 1 : 0;
        if (!request.NeedsPromptLogprobs) return logits;
        var first = Math.Max(start, request.NumPromptLogprobs - 1);
        return first < request.NumPromptTokens - 1 ? Math.Max(logits, end - first) : logits;
    }
}
