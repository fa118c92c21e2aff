using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Grid.Primitives.Ids;

/// <summary>A data-parallel rank of a replica, written <c>MODEL/rN/dpN</c>.</summary>
/// <param name="Number">The rank's number in the replica, from 0.</param>
[JsonConverter(typeof(IdJsonConverter<RankId>))]
public readonly record struct RankId(ReplicaId Replica, int Number) : IGridId<RankId>
{
    /// <inheritdoc/>
    public static string Form => $"{ReplicaId.Form}/{ShardId.RankMark}N";

    /// <summary>The rank without its replica, as events and messages about one replica name it: <c>dp0</c>.</summary>
    public static string ShortName(int number) => $"{ShardId.RankMark}{number}";

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static RankId Parse(string text) => IdText.Parse<RankId>(text);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? text, out RankId id)
    {
        id = default;
        if (!IdText.TryReadLast(text, ShardId.RankMark, out var rest, out var number)
            || !ReplicaId.TryParse(rest.ToString(), out var replica)) return false;
        id = new RankId(replica, number);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Replica}/{ShortName(Number)}";
}
