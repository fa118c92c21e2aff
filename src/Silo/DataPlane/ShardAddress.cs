using System.Globalization;

namespace Grid.Silo.DataPlane;

/// <summary>Where a shard's links end.</summary>
/// <param name="EndPoint">HOST:PORT of its node's data plane.</param>
/// <param name="Replica">smollm2/r0.</param>
/// <param name="Epoch">Of its plan.</param>
/// <param name="Shard">dp0/pp0/tp0.</param>
internal sealed record ShardAddress(string EndPoint, string Replica, long Epoch, string Shard)
{
    /// <summary>What a dialler asks for.</summary>
    public string Key => KeyOf(Replica, Epoch, Shard);

    public static string KeyOf(string replica, long epoch, string shard) => string.Create(CultureInfo.InvariantCulture, $"{replica}|{epoch}|{shard}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static ShardAddress Parse(string text) => text.Split('|') is [var endPoint, var replica, var epoch, var shard]
        ? new ShardAddress(endPoint, replica, long.Parse(epoch, CultureInfo.InvariantCulture), shard)
        : throw new FormatException($"'{text}' is no shard's address.");

    public override string ToString() => $"{EndPoint}|{Key}";
}
