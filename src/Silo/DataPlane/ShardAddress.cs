using System.Globalization;
using Grid.Abstractions.Replicas;

namespace Grid.Silo.DataPlane;

/// <summary>Where a shard's links end.</summary>
/// <param name="EndPoint">HOST:PORT of its node's data plane; empty where it has none.</param>
/// <param name="Replica">smollm2/r0.</param>
/// <param name="Epoch">Of its plan.</param>
/// <param name="Shard">dp0/pp0/tp0 or ep3.</param>
/// <param name="Generation">Of its place in the plan.</param>
internal sealed record ShardAddress(string EndPoint, string Replica, long Epoch, string Shard, int Generation)
{
    /// <summary>What a dialler asks for.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Replica}|{Epoch}|{Shard}|{Generation}");

    /// <summary>Of a shard in a plan.</summary>
    public static ShardAddress Of(ReplicaPlan plan, ShardPlan place) =>
        new(place.DataPlane, plan.Id, plan.Epoch, place.Shard, place.Generation);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static ShardAddress Parse(string text) => text.Split('|') is [var endPoint, var replica, var epoch, var shard, var generation]
        ? new ShardAddress(endPoint, replica, long.Parse(epoch, CultureInfo.InvariantCulture), shard,
        int.Parse(generation, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{text}' is no shard's address.");

    public override string ToString() => $"{EndPoint}|{Key}";
}
