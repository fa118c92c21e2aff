using System.Text;

namespace Grid.Tokenization.Normalization;

/// <summary>
/// NFC, NFD, NFKC and NFKD (Unicode Standard Annex 15). <see cref="string.Normalize()"/> needs ICU: under InvariantGlobalization, which
/// every executable of Grid is built with, it returns its input unchanged, in .NET 10 too. A test says when that ends.
/// </summary>
internal sealed class UnicodeNormalizer(NormalizationForm form) : INormalizer
{
    private readonly bool _compose = form is NormalizationForm.FormC or NormalizationForm.FormKC;
    private readonly bool _compatibility = form is NormalizationForm.FormKC or NormalizationForm.FormKD;

    // Below the first code point that the form can change.
    private readonly char _firstAffected = form switch
    {
        NormalizationForm.FormC => '\u0300',
        NormalizationForm.FormD => '\u00C0',
        _ => '\u00A0',
    };

    public string Normalize(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange(_firstAffected, char.MaxValue) < 0) return text;
        var runes = new List<int>(text.Length + 16);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, runes);
        Reorder(runes);
        if (_compose) Compose(runes);
        var result = new StringBuilder(runes.Count);
        foreach (var rune in runes) result.AppendRune(new Rune(rune));
        return result.ToString();
    }

    private void Decompose(int rune, List<int> output)
    {
        if (rune < _firstAffected && !_compose) output.Add(rune);
        else if (HangulSyllable.IsSyllable(rune)) HangulSyllable.Decompose(rune, output);
        else if (UnicodeDecompositions.Find(rune, _compatibility) is { } parts)
            foreach (var part in parts) Decompose(part, output);
        else output.Add(rune);
    }

    /// <summary>Sorts each run of marks by combining class; equal classes keep their order.</summary>
    private static void Reorder(List<int> runes)
    {
        var marks = new List<(int Class, int Rune)>();
        for (var i = 0; i < runes.Count; i++)
        {
            if (UnicodeDecompositions.CombiningClass(runes[i]) == 0) continue;
            var start = i;
            marks.Clear();
            for (; i < runes.Count && UnicodeDecompositions.CombiningClass(runes[i]) is > 0 and var order; i++)
                marks.Add((order, runes[i]));
            var position = start;
            foreach (var (_, rune) in marks.OrderBy(mark => mark.Class)) runes[position++] = rune;
        }
    }

    private static void Compose(List<int> runes)
    {
        int starter = -1, written = 0, lastClass = 0;
        for (var i = 0; i < runes.Count; i++)
        {
            var rune = runes[i];
            var combiningClass = UnicodeDecompositions.CombiningClass(rune);
            var adjacent = starter == written - 1;
            // A mark is blocked from its starter by one of the same class, and by another starter.
            if (starter >= 0 && (adjacent || (combiningClass != 0 && lastClass < combiningClass))
                && UnicodeDecompositions.Compose(runes[starter], rune) is { } composite)
            {
                runes[starter] = composite;
                continue;
            }
            if (combiningClass == 0) starter = written;
            lastClass = combiningClass;
            runes[written++] = rune;
        }
        runes.RemoveRange(written, runes.Count - written);
    }
}
