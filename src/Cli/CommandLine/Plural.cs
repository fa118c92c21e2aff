using System.Globalization;

namespace Grid.Cli.CommandLine;

/// <summary>Counts with their nouns.</summary>
internal static class Plural
{
    /// <summary>Such as <c>1 shard</c> and <c>2 shards</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="noun">The noun in the singular; its plural ends in s.</param>
    public static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
