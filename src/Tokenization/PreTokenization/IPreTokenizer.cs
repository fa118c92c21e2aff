namespace Grid.Tokenization.PreTokenization;

/// <summary>Cuts text into the pieces that are tokenized by themselves, and may rewrite them.</summary>
internal interface IPreTokenizer
{
    void Apply(PieceBuffer buffer);
}
