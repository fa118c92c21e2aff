using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Grid.Primitives.Ids;

/// <summary>A shard with its replica, written <c>MODEL/rN/dpN/ppN/tpN</c> or <c>MODEL/rN/epN</c>.</summary>
/// <param name="Shard">The shard within it.</param>
[JsonConverter(typeof(IdJsonConverter<ReplicaShardId>))]
public readonly record struct ReplicaShardId(ReplicaId Replica, ShardId Shard) : IGridId<ReplicaShardId>
{
    private const int WorkerParts = 3;

    /// <inheritdoc/>
    public static string Form => $"{ReplicaId.Form}/({ShardId.Form})";

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static ReplicaShardId Parse(string text) => IdText.Parse<ReplicaShardId>(text);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? text, out ReplicaShardId id)
    {
        id = default;
        if (text is null) return false;
        var slash = text.Length;
        for (var parts = 1; parts <= WorkerParts; parts++)
        {
            slash = slash > 0 ? text.LastIndexOf('/', slash - 1) : -1;
            if (slash < 0) return false;
            if (!ShardId.TryParse(text[(slash + 1)..], out var shard)) continue;
            if (!ReplicaId.TryParse(text[..slash], out var replica)) return false;
            id = new ReplicaShardId(replica, shard);
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Replica}/{Shard}";
}
