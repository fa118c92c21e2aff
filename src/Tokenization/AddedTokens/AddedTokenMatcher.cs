using System.Buffers;

namespace Grid.Tokenization.AddedTokens;

/// <summary>Finds added tokens in a text: the leftmost first, of those the longest.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly TrieNode _root = new();
    private readonly SearchValues<char> _firstUnits;

    /// <param name="tokens">Each token with the text that it is found by.</param>
    public AddedTokenMatcher(IEnumerable<(AddedToken Token, string Text)> tokens)
    {
        foreach (var (token, text) in tokens)
            if (text.Length > 0) Insert(token, text);
        _firstUnits = SearchValues.Create([.. _root.Children.Keys]);
    }

    /// <summary>Adds the segments of a text, which together cover it.</summary>
    public void Split(ReadOnlySpan<char> text, List<AddedTokenSegment> segments)
    {
        int covered = 0, position = 0;
        while (FindNext(text, position) is (var start, var end, { } token))
        {
            position = end;
            if (token.SingleWord && (WordCharacters.EndsWith(text[..start]) || WordCharacters.StartsWith(text[end..]))) continue;
            if (token.LeftStrip) start = Math.Max(covered, text[..start].TrimEnd().Length);
            if (token.RightStrip) end = text.Length - text[end..].TrimStart().Length;
            if (start > covered) segments.Add(new AddedTokenSegment(covered, start, null));
            segments.Add(new AddedTokenSegment(start, end, token.Id));
            covered = end;
        }
        if (covered < text.Length) segments.Add(new AddedTokenSegment(covered, text.Length, null));
    }

    private void Insert(AddedToken token, string text)
    {
        var node = _root;
        foreach (var unit in text)
        {
            if (!node.Children.TryGetValue(unit, out var child)) node.Children.Add(unit, child = new TrieNode());
            node = child;
        }
        node.Token = token;
    }

    private (int Start, int End, AddedToken? Token) FindNext(ReadOnlySpan<char> text, int position)
    {
        while (true)
        {
            var skipped = text[position..].IndexOfAny(_firstUnits);
            if (skipped < 0) return (0, 0, null);
            position += skipped;
            var node = _root;
            AddedToken? longest = null;
            var end = position;
            for (var i = position; i < text.Length && node.Children.TryGetValue(text[i], out var child); i++)
            {
                node = child;
                if (node.Token is null) continue;
                longest = node.Token;
                end = i + 1;
            }
            if (longest is not null) return (position, end, longest);
            position++;
        }
    }

    private sealed class TrieNode
    {
        public Dictionary<char, TrieNode> Children { get; } = [];

        public AddedToken? Token { get; set; }
    }
}
