using System.Globalization;

namespace Grid.Primitives.Ids;

/// <summary>The pieces that ids are made of: a mark, and a number without sign or leading zeros.</summary>
internal static class IdText
{
    /// <summary>Reads <c>r12</c> where the mark is <c>r</c>.</summary>
    public static bool TryReadPart(ReadOnlySpan<char> part, string mark, out int number)
    {
        number = 0;
        if (!part.StartsWith(mark, StringComparison.Ordinal)) return false;
        var digits = part[mark.Length..];
        return (digits.Length == 1 || !digits.StartsWith('0'))
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Reads the last part of <c>REST/r12</c> and returns what is before its slash, which must not be empty.</summary>
    public static bool TryReadLast(ReadOnlySpan<char> text, string mark, out ReadOnlySpan<char> rest, out int number)
    {
        var slash = text.LastIndexOf('/');
        rest = slash > 0 ? text[..slash] : default;
        number = 0;
        return slash > 0 && TryReadPart(text[(slash + 1)..], mark, out number);
    }

    public static TId Parse<TId>(string text)
        where TId : struct, IGridId<TId> =>
        TId.TryParse(text, out var id) ? id : throw new FormatException($"{typeof(TId).Name} must be {TId.Form}; got '{text}'.");
}
