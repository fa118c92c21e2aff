namespace Grid.Tokenization.PreTokenization;

/// <summary>SentencePiece's spaces: each becomes a visible mark, and one may be put in front.</summary>
/// <param name="mark">The mark, U+2581 as a rule.</param>
/// <param name="scheme">Where a mark is put in front of a piece that lacks one.</param>
/// <param name="split">Whether pieces are cut before each mark.</param>
internal sealed class MetaspacePreTokenizer(char mark, PrependScheme scheme, bool split) : IPreTokenizer
{
    public void Apply(PieceBuffer buffer)
    {
        foreach (var piece in buffer.Pieces)
        {
            var text = buffer[piece];
            var prepend = scheme == PrependScheme.Always || (scheme == PrependScheme.First && piece.AtTextStart);
            if (prepend && text[0] != mark && text[0] != ' ') buffer.Write([mark]);
            WriteMarked(buffer, text);
            buffer.EndRewritten(piece);
        }
        buffer.CommitRewrite();
        if (split) CutBeforeMarks(buffer);
    }

    private void WriteMarked(PieceBuffer buffer, ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> marks = [mark];
        foreach (var range in text.Split(' '))
        {
            if (range.Start.Value > 0) buffer.Write(marks);
            buffer.Write(text[range]);
        }
    }

    private void CutBeforeMarks(PieceBuffer buffer)
    {
        foreach (var piece in buffer.Pieces)
        {
            var text = buffer[piece];
            var start = 0;
            for (var i = 1; i < text.Length; i++)
            {
                // In a run of marks only the last belongs to what follows.
                if (text[i] != mark) continue;
                buffer.Cut(piece, start, i);
                start = i;
            }
            buffer.Cut(piece, start, text.Length);
        }
        buffer.CommitCuts();
    }
}
