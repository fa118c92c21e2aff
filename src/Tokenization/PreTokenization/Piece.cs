namespace Grid.Tokenization.PreTokenization;

/// <summary>A stretch of a <see cref="PieceBuffer"/>'s text.</summary>
/// <param name="Start">First unit.</param>
/// <param name="Length">In UTF-16 units.</param>
/// <param name="AtTextStart">Whether it begins where the whole encoded text begins.</param>
internal readonly record struct Piece(int Start, int Length, bool AtTextStart)
{
    public int End => Start + Length;
}
