using Grid.Abstractions.Replicas;
using Grid.Grains.Recovery;
using Grid.Grains.Store;

namespace Grid.Grains.Replicas;

/// <summary>
/// Carries one replica's directives on to its shards. The caller sends what <see cref="Apply"/> returns, feeds each outcome back through
/// <see cref="Answer"/> or <see cref="Refuse"/>, and returns <see cref="Status"/> to the grid.
/// </summary>
internal sealed class ReplicaLifecycle
{
    private readonly Dictionary<string, Step> _steps = [];
    private ReplicaDirective? _directive;

    /// <summary>The epoch that is carried out; 0 before the first directive.</summary>
    public long Epoch => _directive?.Plan.Epoch ?? 0;

    /// <summary>Takes a directive; older epochs and sequences change nothing and send nothing.</summary>
    /// <returns>What is to be sent now: to shards that have not taken this directive yet and whose back-off is over.</returns>
    public IReadOnlyList<ShardDirective> Apply(ReplicaDirective directive, DateTimeOffset now)
    {
        if (IsOlder(directive)) return [];
        if (directive.Plan.Epoch != Epoch) _steps.Clear();
        _directive = directive;
        foreach (var gone in _steps.Keys.Except(directive.Plan.Shards.Select(shard => shard.Shard)).ToArray()) _steps.Remove(gone);
        var due = new List<ShardDirective>();
        foreach (var shard in directive.Plan.Shards)
        {
            // What a former place refused says nothing of this one.
            if (!_steps.TryGetValue(shard.Shard, out var step) || step.Generation != shard.Generation) _steps[shard.Shard] = step = new Step(shard.Generation);
            if (IsDone(step) || step.RetryAt > now) continue;
            due.Add(new ShardDirective(directive.Plan, shard.Shard, ShardNames.TargetOf(directive.Plan, shard.Shard, directive.Target), directive.HandOverAt, directive.Sequence));
        }

        return due;
    }

    /// <summary>A shard took a directive.</summary>
    /// <param name="sent">What was sent.</param>
    /// <param name="held">What its node holds of it since; null: nothing.</param>
    public void Answer(ShardDirective sent, ShardStatus? held)
    {
        if (Find(sent) is not { } step) return;
        step.Taken = sent.Sequence;
        step.Held = held;
        step.Failures = 0;
        step.RetryAt = default;
        step.Error = null;
    }

    /// <summary>A shard could not be reached or placed: it is tried again after a back-off.</summary>
    public void Refuse(ShardDirective sent, string error, DateTimeOffset now)
    {
        if (Find(sent) is not { } step) return;
        step.Failures++;
        step.RetryAt = now + RetryPauses.Of.After(step.Failures);
        step.Error = error;
    }

    /// <summary>How far the plan is; null before the first directive.</summary>
    public ReplicaStatus? Status()
    {
        if (_directive is not { } directive) return null;
        var (state, reason, message) = State(directive);
        return new ReplicaStatus(directive.Plan.Id, directive.Plan.Epoch, state, reason, message, directive.Sequence, directive.Plan.Shards.Count(shard => !(_steps.TryGetValue(shard.Shard, out var step) && IsDone(step))));
    }

    private (ReplicaState State, string? Reason, string? Message) State(ReplicaDirective directive)
    {
        if (directive.Target == ReplicaTarget.Stop && _steps.Values.All(IsDone)) return (ReplicaState.Stopped, null, null);
        if (_steps.FirstOrDefault(pair => pair.Value.Error is not null && pair.Value.Taken < directive.Sequence) is { Value: { } failed } refused)
            return (directive.Target == ReplicaTarget.Serve ? ReplicaState.Placing : ReplicaState.Draining, "ShardUnreachable",
                $"{directive.Plan.Id}/{refused.Key} after {failed.Failures} attempts: {failed.Error}");
        return ReplicaProgress.Of(directive.Plan, directive.Target, directive.Observed);
    }

    private bool IsOlder(ReplicaDirective directive) =>
        directive.Plan.Epoch < Epoch || (directive.Plan.Epoch == Epoch && directive.Sequence < _directive!.Sequence);

    // A stopped shard is asked again until its node holds nothing; one that vanished while it should serve is told again.
    private bool IsDone(Step step) => step.Taken == _directive!.Sequence && (step.Held is null) == (_directive.Target == ReplicaTarget.Stop);

    private Step? Find(ShardDirective sent) =>
        sent.Plan.Epoch == Epoch && sent.Sequence == _directive!.Sequence ? _steps.GetValueOrDefault(sent.Shard) : null;

    private sealed class Step(int generation)
    {
        public int Generation { get; } = generation;

        public long Taken { get; set; } = -1;

        public ShardStatus? Held { get; set; }

        public int Failures { get; set; }

        public DateTimeOffset RetryAt { get; set; }

        public string? Error { get; set; }
    }
}
