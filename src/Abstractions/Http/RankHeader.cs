namespace Grid.Abstractions.Http;

/// <summary>
/// The value of <see cref="GridHeaders.Rank"/>: the rank's id with every part escaped, since a model's name may be of any script.
/// </summary>
public static class RankHeader
{
    /// <summary>The value that names a rank.</summary>
    public static string Format(RankId rank) => string.Join('/', rank.ToString().Split('/').Select(Uri.EscapeDataString));

    /// <summary>Reads a value; false where it is no rank's id.</summary>
    public static bool TryParse(string value, out RankId rank) => RankId.TryParse(Uri.UnescapeDataString(value), out rank);
}
