using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Grid.Primitives.Ids;

/// <summary>A shard of a replica that holds experts which all ranks of the replica share, written <c>epN</c>.</summary>
/// <param name="Number">Its number among the expert shards, from 0.</param>
[JsonConverter(typeof(IdJsonConverter<ExpertShardId>))]
public readonly record struct ExpertShardId(int Number) : IGridId<ExpertShardId>, IComparable<ExpertShardId>
{
    private const string Mark = "ep";

    /// <inheritdoc/>
    public static string Form => Mark + "N";

    /// <summary>The text form of a shard by its number: <c>ep3</c>.</summary>
    public static string NameOf(int number) => new ExpertShardId(number).ToString();

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static ExpertShardId Parse(string text) => IdText.Parse<ExpertShardId>(text);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? text, out ExpertShardId id)
    {
        var read = IdText.TryReadPart(text, Mark, out var number);
        id = new ExpertShardId(number);
        return read;
    }

    /// <inheritdoc/>
    public int CompareTo(ExpertShardId other) => Number.CompareTo(other.Number);

    /// <inheritdoc/>
    public override string ToString() => $"{Mark}{Number}";
}
