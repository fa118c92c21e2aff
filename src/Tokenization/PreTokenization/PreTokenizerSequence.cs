namespace Grid.Tokenization.PreTokenization;

internal sealed class PreTokenizerSequence(IReadOnlyList<IPreTokenizer> steps) : IPreTokenizer
{
    public void Apply(PieceBuffer buffer)
    {
        foreach (var step in steps) step.Apply(buffer);
    }
}
