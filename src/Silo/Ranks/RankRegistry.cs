using System.Collections.Immutable;
using System.Globalization;
using Grid.Engine.Serving;

namespace Grid.Silo.Ranks;

/// <summary>The ranks that answer requests on this node. Safe to use from any thread.</summary>
/// <param name="timeProvider">The clock of creation times and deadlines.</param>
public sealed class RankRegistry(TimeProvider timeProvider)
{
    private static readonly TimeSpan FailureShown = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private ImmutableArray<ServedRank> _ranks = [];
    private volatile bool _draining;
    private volatile StoppedEngine? _lastFailure;

    /// <summary>All ranks, in the order of registration.</summary>
    public ImmutableArray<ServedRank> Ranks
    {
        get
        {
            lock (_gate) return _ranks;
        }
    }

    /// <summary>
    /// The engine of this node that stopped last, and why, for an hour. The grid removes a failed rank within seconds, and what
    /// it said is to be seen for longer.
    /// </summary>
    public string? LastFailure => _lastFailure is { } last && timeProvider.GetUtcNow() - last.At < FailureShown ? last.Text : null;

    /// <summary>Whether the whole node refuses new requests.</summary>
    public bool Draining => _draining;

    /// <summary>From now on requests are answered from this model.</summary>
    /// <param name="identity">The identity of the rank.</param>
    /// <param name="model">The caller disposes it, after <see cref="UnregisterAsync"/>.</param>
    /// <exception cref="InvalidOperationException">The rank is there at this or a higher epoch.</exception>
    public ServedRank Register(RankIdentity identity, ServedModel model)
    {
        lock (_gate)
        {
            if (_ranks.FirstOrDefault(other => other.Id == identity.Id && other.Identity.Epoch >= identity.Epoch) is { } other)
                throw new InvalidOperationException(
                    $"Rank {identity.Id} is served at epoch {other.Identity.Epoch}; a new one must have a higher epoch and has "
                    + $"{identity.Epoch}.");
            var rank = new ServedRank(identity, model, timeProvider);
            if (_draining) rank.StopAccepting();
            _ranks = _ranks.Add(rank);
            return rank;
        }
    }

    /// <summary>Forgets a rank: new requests for it are answered with 409; those in flight are handed over.</summary>
    public async Task UnregisterAsync(ServedRank rank, HandOverReason reason = HandOverReason.Drain)
    {
        lock (_gate) _ranks = _ranks.Remove(rank);
        string[] reasons = [.. new[] { rank.Model.Engine.GetStatus().Failure, rank.LongWait }.OfType<string>()];
        if (reasons.Length > 0)
            _lastFailure = new StoppedEngine(timeProvider.GetUtcNow(),
                string.Create(CultureInfo.InvariantCulture,
                $"The engine of {rank.Id} stopped before {timeProvider.GetUtcNow():u}: {string.Join("; ", reasons)}"));
        await rank.HandOverAsync(reason);
        rank.Dispose();
    }

    /// <summary>The whole node, ranks that are yet to come included, takes no new request, or does again.</summary>
    public void SetDraining(bool draining)
    {
        lock (_gate)
        {
            _draining = draining;
            foreach (var rank in _ranks)
                if (draining) rank.StopAccepting();
                else rank.Accept();
        }
    }

    /// <summary>The node takes no new request and lets those in flight end; those left at the deadline are handed over.</summary>
    /// <param name="timeout">How long they may take.</param>
    /// <returns>How many were handed over.</returns>
    public async Task<int> DrainAsync(TimeSpan timeout)
    {
        SetDraining(true);
        return (await Task.WhenAll(Ranks.Select(rank => rank.DrainAsync(timeout)))).Sum();
    }

    /// <summary>Hands over all requests in flight at once: the node was declared dead.</summary>
    /// <returns>The number of requests there were, once all have ended.</returns>
    public async Task<int> HandOverAsync(HandOverReason reason)
    {
        SetDraining(true);
        return (await Task.WhenAll(Ranks.Select(rank => rank.HandOverAsync(reason)))).Sum();
    }

    private sealed record StoppedEngine(DateTimeOffset At, string Text);
}
