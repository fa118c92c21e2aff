using System.Globalization;
using System.Text;

namespace Grid.Tokenization.Patterns;

/// <summary>
/// One UTF-16 unit for each kind of character outside the BMP that a pattern can tell apart: its general category and
/// which of the pattern's own supplementary ranges hold it. The units are those of surrogates, which valid text does not
/// have by themselves, so they collide with nothing.
/// </summary>
internal sealed class StandIns
{
    private const int FirstUnit = 0xD800;
    private const int Categories = (int)UnicodeCategory.OtherNotAssigned + 1;
    private const int MaxIntervals = 0x800 / Categories;

    // Interval i is [_bounds[i], _bounds[i + 1]); the last one ends the code space.
    private readonly int[] _bounds;

    public StandIns(IEnumerable<(int First, int Last)> ranges)
    {
        var bounds = new SortedSet<int> { 0x10000 };
        foreach (var (first, last) in ranges)
        {
            bounds.Add(first);
            if (last < 0x10FFFF) bounds.Add(last + 1);
        }
        if (bounds.Count > MaxIntervals)
            throw new NotSupportedException(
                $"ranges outside the BMP in a pattern must be at most {MaxIntervals}; got {bounds.Count}");
        _bounds = [.. bounds];
    }

    /// <summary>Writes the text with one unit a character and returns how many there are.</summary>
    public int Map(ReadOnlySpan<char> text, Span<char> mapped)
    {
        var written = 0;
        for (var i = 0; i < text.Length; i++)
        {
            mapped[written++] = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])
                ? Of(char.ConvertToUtf32(text[i], text[++i]))
                : text[i];
        }
        return written;
    }

    /// <summary>Appends the stand-ins of a category as the inside of a character class.</summary>
    public void AppendCategory(StringBuilder output, UnicodeCategory category)
    {
        for (var interval = 0; interval < _bounds.Length; interval++) AppendUnit(output, Unit(interval, (int)category));
    }

    /// <summary>Appends the stand-ins of a range whose ends this object was made with.</summary>
    public void AppendRange(StringBuilder output, int first, int last)
    {
        var from = Unit(Interval(first), 0);
        var to = Unit(Interval(last), Categories - 1);
        AppendUnit(output, from);
        output.Append('-');
        AppendUnit(output, to);
    }

    private static void AppendUnit(StringBuilder output, char unit) => output.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");

    private static char Unit(int interval, int category) => (char)(FirstUnit + (interval * Categories) + category);

    private char Of(int rune) => Unit(Interval(rune), (int)CharUnicodeInfo.GetUnicodeCategory(rune));

    private int Interval(int rune)
    {
        var index = Array.BinarySearch(_bounds, rune);
        return index >= 0 ? index : ~index - 1;
    }
}
