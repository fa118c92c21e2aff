using System.Buffers;
using Grid.Tokenization.Patterns;

namespace Grid.Tokenization.PreTokenization;

/// <summary>GPT-2's byte level: pieces by its pattern, each written as one printable character a byte.</summary>
internal sealed class ByteLevelPreTokenizer : IPreTokenizer
{
    /// <summary>GPT-2's pattern for words.</summary>
    public const string WordPattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private readonly bool _addPrefixSpace;
    private readonly SplitPreTokenizer? _split;

    /// <param name="addPrefixSpace">Whether a piece that does not begin with a space gets one.</param>
    /// <param name="useRegex">Whether pieces are cut by <see cref="WordPattern"/>.</param>
    public ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex)
    {
        _addPrefixSpace = addPrefixSpace;
        if (useRegex) _split = new SplitPreTokenizer(new RegexPattern(WordPattern), SplitBehavior.Isolated);
    }

    public void Apply(PieceBuffer buffer)
    {
        if (_addPrefixSpace) AddPrefixSpaces(buffer);
        _split?.Apply(buffer);
        foreach (var piece in buffer.Pieces)
        {
            var text = buffer[piece];
            var characters = ArrayPool<char>.Shared.Rent(text.Length * 3);
            buffer.Write(characters.AsSpan(0, ByteLevelAlphabet.Encode(text, characters)));
            ArrayPool<char>.Shared.Return(characters);
            buffer.EndRewritten(piece);
        }
        buffer.CommitRewrite();
    }

    private static void AddPrefixSpaces(PieceBuffer buffer)
    {
        foreach (var piece in buffer.Pieces)
        {
            var text = buffer[piece];
            if (text[0] != ' ') buffer.Write(" ");
            buffer.Write(text);
            buffer.EndRewritten(piece);
        }
        buffer.CommitRewrite();
    }
}
