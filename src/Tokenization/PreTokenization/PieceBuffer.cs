using System.Buffers;
using System.Runtime.InteropServices;

namespace Grid.Tokenization.PreTokenization;

/// <summary>A text and the pieces it is cut into. A step adds the next pieces, then commits them all at once.</summary>
internal sealed class PieceBuffer
{
    private List<Piece> _pieces = [];
    private List<Piece> _nextPieces = [];
    private ArrayBufferWriter<char> _text = new();
    private ArrayBufferWriter<char> _nextText = new();

    public ReadOnlySpan<Piece> Pieces => CollectionsMarshal.AsSpan(_pieces);

    public ReadOnlySpan<char> this[Piece piece] => _text.WrittenSpan.Slice(piece.Start, piece.Length);

    /// <summary>Starts over with one piece.</summary>
    public void Reset(ReadOnlySpan<char> text, bool atTextStart)
    {
        _text.ResetWrittenCount();
        _text.Write(text);
        _pieces.Clear();
        if (!text.IsEmpty) _pieces.Add(new Piece(0, text.Length, atTextStart));
    }

    /// <summary>Adds a part of <paramref name="piece"/> to the next pieces; an empty part is dropped.</summary>
    /// <param name="piece">The piece that is cut.</param>
    /// <param name="start">First unit of the part within the piece.</param>
    /// <param name="end">The unit after its last.</param>
    public void Cut(Piece piece, int start, int end)
    {
        if (end > start) _nextPieces.Add(new Piece(piece.Start + start, end - start, piece.AtTextStart && start == 0));
    }

    /// <summary>The parts become the pieces.</summary>
    public void CommitCuts()
    {
        (_pieces, _nextPieces) = (_nextPieces, _pieces);
        _nextPieces.Clear();
    }

    /// <summary>Adds text to the rewritten piece that <see cref="EndRewritten"/> ends.</summary>
    public void Write(ReadOnlySpan<char> text) => _nextText.Write(text);

    public void EndRewritten(Piece original)
    {
        var start = _nextPieces.Count > 0 ? _nextPieces[^1].End : 0;
        _nextPieces.Add(new Piece(start, _nextText.WrittenCount - start, original.AtTextStart));
    }

    /// <summary>The rewritten text and pieces take the place of the old ones.</summary>
    public void CommitRewrite()
    {
        (_text, _nextText) = (_nextText, _text);
        _nextText.ResetWrittenCount();
        CommitCuts();
    }
}
