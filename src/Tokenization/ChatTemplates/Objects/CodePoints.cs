using System.Text;

namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>Strings by code points, as Python counts them; a lone surrogate counts as one.</summary>
internal static class CodePoints
{
    public static int Length(string text)
    {
        var length = text.Length;
        for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDBFF'); i >= 0 && i + 1 < text.Length; i++)
            if (char.IsSurrogatePair(text[i], text[i + 1])) length--;
        return length;
    }

    public static List<object?> Characters(string text)
    {
        var characters = new List<object?>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            characters.Add(isPair ? text.Substring(i++, 2) : text[i].ToString());
        }

        return characters;
    }

    /// <summary>One character, or null outside of the text.</summary>
    public static string? At(string text, long index)
    {
        if (!HasSurrogates(text))
        {
            if (index < 0) index += text.Length;
            return index >= 0 && index < text.Length ? text[(int)index].ToString() : null;
        }

        var characters = Characters(text);
        if (index < 0) index += characters.Count;
        return index >= 0 && index < characters.Count ? (string)characters[(int)index]! : null;
    }

    /// <summary>Offset in UTF-16 units of the code point <paramref name="index"/>.</summary>
    public static int Offset(string text, int index)
    {
        if (!HasSurrogates(text)) return Math.Min(index, text.Length);
        var offset = 0;
        for (; index > 0 && offset < text.Length; index--)
            offset += offset + 1 < text.Length && char.IsSurrogatePair(text[offset], text[offset + 1]) ? 2 : 1;
        return offset;
    }

    /// <summary><c>text[start:stop:step]</c>.</summary>
    public static string Slice(string text, long? start, long? stop, long? step)
    {
        if ((step ?? 1) == 1)
        {
            var (first, count) = SliceRange.Of(Length(text), start, stop, step);
            var from = Offset(text, (int)first);
            return text.Substring(from, Offset(text[from..], (int)count));
        }

        var characters = Characters(text);
        var slice = SliceRange.Of(characters.Count, start, stop, step);
        var result = new StringBuilder();
        for (var i = 0; i < slice.Count; i++) result.Append((string)characters[(int)(slice.Start + i * step!.Value)]!);
        return result.ToString();
    }

    private static bool HasSurrogates(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');
}
