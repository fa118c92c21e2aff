namespace Grid.Grains.Models;

/// <summary>What the autoscaler remembers between two looks.</summary>
/// <param name="Desired">Replicas wanted.</param>
/// <param name="Since">First look, or when it last woke or changed its mind.</param>
/// <param name="AboveSince">More has been needed without a break since then; null: it is not.</param>
/// <param name="BelowSince">Fewer have been needed without a break since then; null: they are not.</param>
/// <param name="Peak">Most that was needed since <paramref name="BelowSince"/>.</param>
internal sealed record AutoscaleState(
    int Desired,
    DateTimeOffset Since,
    DateTimeOffset? AboveSince = null,
    DateTimeOffset? BelowSince = null,
    int Peak = 0);
