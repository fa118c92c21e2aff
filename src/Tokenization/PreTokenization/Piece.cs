namespace Grid.Tokenization.PreTokenization;

/// <summary>A stretch of a <see cref="PieceBuffer"/>'s text.</summary>
/// <param name="Start">The index of the first UTF-16 unit.</param>
/// <param name="Length">The length in UTF-16 units.</param>
/// <param name="AtTextStart">Whether it begins where the whole encoded text begins.</param>
internal readonly record struct Piece(int Start, int Length, bool AtTextStart)
{
    public int End => Start + Length;
}
