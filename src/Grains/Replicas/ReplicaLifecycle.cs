using Grid.Abstractions.Events;
using Grid.Abstractions.Replicas;
using Grid.Grains.Recovery;

namespace Grid.Grains.Replicas;

/// <summary>
/// The lifecycle of one replica's shards: the one place where directives to shards are acknowledged and sent again. Whoever holds it sends
/// what
/// <see cref="Apply"/> returns, feeds each outcome back through <see cref="Answer"/> or <see cref="Refuse"/>, and returns
/// <see cref="Status"/>
/// to the grid, which repeats its directive until nothing is pending. It holds nothing that cannot be found out again by asking the shards.
/// </summary>
internal sealed class ReplicaLifecycle
{
    private readonly Dictionary<ShardInstance, Step> _steps = [];
    private ReplicaDirective? _directive;

    /// <summary>Takes a directive; older sequences change nothing and send nothing.</summary>
    /// <returns>What is to be sent now: to shards that have not taken this directive yet and whose back-off is over.</returns>
    public IReadOnlyList<ShardDirective> Apply(ReplicaDirective directive, DateTimeOffset now)
    {
        if (directive.Sequence < _directive?.Sequence) return [];
        _directive = directive;
        var desired = Expand(directive).ToDictionary(ShardInstance.Of);
        foreach (var gone in _steps.Keys.Where(instance => !desired.ContainsKey(instance)).ToArray()) _steps.Remove(gone);
        var due = new List<ShardDirective>();
        foreach (var (instance, shard) in desired)
        {
            if (!_steps.TryGetValue(instance, out var step)) _steps.Add(instance, step = new Step(shard));
            else step.SetDesired(shard);
            if (!step.IsDone && step.RetryAt <= now) due.Add(shard);
        }

        return due;
    }

    /// <summary>A shard has acknowledged a directive.</summary>
    /// <param name="sent">The directive that was sent.</param>
    /// <param name="held">What its node now holds of it; null for nothing.</param>
    public void Answer(ShardDirective sent, ShardStatus? held) => Find(sent)?.Answer(held);

    /// <summary>A shard could not be reached or placed: it is tried again after a back-off.</summary>
    public void Refuse(ShardDirective sent, string error, DateTimeOffset now) => Find(sent)?.Refuse(error, now);

    /// <summary>How far the directive is carried out; null before the first one.</summary>
    public ReplicaStatus? Status()
    {
        if (_directive is not { } directive) return null;
        ShardInstance[] stopped = [.. _steps.Where(pair => pair.Value.IsStopped).Select(pair => pair.Key)];
        var pending = _steps.Values.Count(step => step.IsPending);
        foreach (var (instance, step) in _steps)
        {
            if (!step.IsPending || step.Error is not { } error) continue;
            return new ReplicaStatus(
                directive.Replica, directive.Sequence, pending, stopped, EventReasons.ShardUnreachable,
                $"{directive.Replica}/{instance.Shard} after {step.Failures} attempts: {error}");
        }

        return new ReplicaStatus(directive.Replica, directive.Sequence, pending, stopped);
    }

    private static IEnumerable<ShardDirective> Expand(ReplicaDirective directive)
    {
        if (directive.Plan is { } plan)
        {
            foreach (var shard in plan.Shards)
            {
                var target = plan.TargetOf(shard.Shard, directive.Target);
                var handOverTo = target == ReplicaTarget.Drain && shard.Shard.DrivenRank is not null ? directive.HandOverTo : null;
                yield return new ShardDirective(plan, shard.Shard, target, directive.HandOverAt, directive.PlanSequence, handOverTo);
            }
        }

        foreach (var other in directive.Others) yield return other;
    }

    private Step? Find(ShardDirective sent) =>
        _steps.TryGetValue(ShardInstance.Of(sent), out var step) && step.Desired.Sequence == sent.Sequence ? step : null;

    private sealed class Step(ShardDirective desired)
    {
        private bool _taken;
        private ShardStatus? _held;

        public ShardDirective Desired { get; private set; } = desired;

        public int Failures { get; private set; }

        public DateTimeOffset RetryAt { get; private set; }

        public string? Error { get; private set; }

        /// <summary>Its node does not hold it any more, and no older directive can bring it back.</summary>
        public bool IsStopped => _taken && _held is null && Desired.Target == ReplicaTarget.Stop;

        /// <summary>
        /// Whether it has not acknowledged the directive; one that vanished while it should serve gets the directive again.
        /// </summary>
        public bool IsPending => !_taken || (_held is null && Desired.Target != ReplicaTarget.Stop);

        /// <summary>Whether nothing is left to send; one that stops is asked until its node holds nothing of it.</summary>
        public bool IsDone => _taken && (_held is null) == (Desired.Target == ReplicaTarget.Stop);

        public void SetDesired(ShardDirective next)
        {
            // What stopped under its last sequence stays so.
            if (next.Sequence != Desired.Sequence) _taken = false;
            Desired = next;
        }

        public void Answer(ShardStatus? held) => (_taken, _held, Failures, RetryAt, Error) = (true, held, 0, default, null);

        public void Refuse(string error, DateTimeOffset now)
        {
            Failures++;
            RetryAt = now + RetryPauses.Of.After(Failures);
            Error = error;
        }
    }
}
