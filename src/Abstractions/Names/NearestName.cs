namespace Grid.Abstractions.Names;

/// <summary>Finds the known name that a mistyped one was probably meant to be.</summary>
public static class NearestName
{
    /// <summary>
    /// The name with the fewest edits; a name that the word starts or that starts the word wins ties. Null without names.
    /// </summary>
    public static string? Find(string word, IEnumerable<string> names) => names
        .OrderBy(name => Edits(word, name))
        .ThenByDescending(name => SharedPrefix(word, name))
        .ThenBy(name => name, StringComparer.Ordinal)
        .FirstOrDefault();

    private static int SharedPrefix(string a, string b) => a.AsSpan().CommonPrefixLength(b);

    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
