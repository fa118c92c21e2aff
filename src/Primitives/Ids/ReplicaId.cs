using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Grid.Primitives.Ids;

/// <summary>
/// A replica of a model, written <c>MODEL/rN</c>. The model's part is its name as served: it may hold slashes and any script, so the
/// text is read from the right.
/// </summary>
/// <param name="Model">The model's served name.</param>
/// <param name="Index">Its number among the model's replicas, from 0.</param>
[JsonConverter(typeof(IdJsonConverter<ReplicaId>))]
public readonly record struct ReplicaId(string Model, int Index) : IGridId<ReplicaId>
{
    private const string Mark = "r";

    /// <inheritdoc/>
    public static string Form => "MODEL/rN";

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static ReplicaId Parse(string text) => IdText.Parse<ReplicaId>(text);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? text, out ReplicaId id)
    {
        var read = IdText.TryReadLast(text, Mark, out var model, out var index);
        id = read ? new ReplicaId(model.ToString(), index) : default;
        return read;
    }

    /// <summary>One of this replica's data-parallel ranks.</summary>
    public RankId Rank(int number) => new(this, number);

    /// <summary>One of this replica's shards.</summary>
    public ReplicaShardId Shard(ShardId shard) => new(this, shard);

    /// <inheritdoc/>
    public override string ToString() => $"{Model}/{Mark}{Index}";
}
