using System.Globalization;

namespace Grid.Tokenization.Normalization;

/// <summary>The character data that normalization needs, from the embedded table.</summary>
internal static class UnicodeDecompositions
{
    private static readonly Dictionary<int, byte> Classes = [];
    private static readonly Dictionary<int, int[]> Canonical = [];
    private static readonly Dictionary<int, int[]> Compatibility = [];
    private static readonly Dictionary<(int First, int Second), int> Composites = [];

    static UnicodeDecompositions()
    {
        using var stream = typeof(UnicodeDecompositions).Assembly.GetManifestResourceStream("UnicodeDecompositions.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#') Add(line.Split(';'));
    }

    public static int CombiningClass(int rune) => Classes.GetValueOrDefault(rune);

    public static int[]? Find(int rune, bool compatibility) =>
        compatibility && Compatibility.TryGetValue(rune, out var parts) ? parts : Canonical.GetValueOrDefault(rune);

    public static int? Compose(int first, int second) =>
        Composites.TryGetValue((first, second), out var composite) ? composite : HangulSyllable.Compose(first, second);

    private static void Add(string[] fields)
    {
        var rune = Hexadecimal(fields[0]);
        if (fields.Length > 1 && fields[1].Length > 0) Classes[rune] = byte.Parse(fields[1], CultureInfo.InvariantCulture);
        if (fields.Length > 2 && fields[2].Length > 0)
        {
            var parts = Array.ConvertAll(fields[2].TrimStart('!').Split(' '), Hexadecimal);
            Canonical[rune] = parts;
            if (fields[2][0] != '!') Composites[(parts[0], parts[1])] = rune;
        }
        if (fields.Length > 3) Compatibility[rune] = Array.ConvertAll(fields[3].Split(' '), Hexadecimal);
    }

    private static int Hexadecimal(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
