using System.Globalization;

namespace Grid.Primitives.Units;

/// <summary>Counts with their nouns.</summary>
public static class Plural
{
    /// <summary>Such as <c>1 shard</c> and <c>2 shards</c>.</summary>
    /// <param name="count">The number of things.</param>
    /// <param name="noun">The noun in the singular; its plural ends in s.</param>
    public static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
