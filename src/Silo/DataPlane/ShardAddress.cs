using System.Globalization;
using Grid.Abstractions.Replicas;

namespace Grid.Silo.DataPlane;

/// <summary>Where a shard's links end.</summary>
/// <param name="EndPoint">HOST:PORT of its node's data plane; empty where it has none.</param>
/// <param name="Epoch">The epoch of its plan.</param>
/// <param name="Generation">The generation of its placement.</param>
internal sealed record ShardAddress(string EndPoint, ReplicaId Replica, long Epoch, ShardId Shard, int Generation)
{
    private const char Mark = '|';

    /// <summary>What a dialler asks for.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Replica}{Mark}{Epoch}{Mark}{Shard}{Mark}{Generation}");

    /// <summary>Of a shard in a plan.</summary>
    public static ShardAddress Of(ReplicaPlan plan, ShardPlan place) =>
        new(place.DataPlane, plan.Id, plan.Epoch, place.Shard, place.Generation);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It did not write this.</exception>
    public static ShardAddress Parse(string text)
    {
        // A model's name may hold the mark between the parts, and no other part does.
        var parts = text.Split(Mark);
        return parts.Length >= 5 && ReplicaId.TryParse(string.Join(Mark, parts[1..^3]), out var replica)
            && ShardId.TryParse(parts[^2], out var shard)
               && long.TryParse(parts[^3], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
               && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? new ShardAddress(parts[0], replica, epoch, shard, generation)
            : throw new FormatException($"A shard's address must be HOST:PORT|REPLICA|EPOCH|SHARD|GENERATION; got '{text}'.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{EndPoint}{Mark}{Key}";
}
