using System.Text;
using Grid.Tokenization.Models;
using Grid.Tokenization.Normalization;

namespace Grid.Tokenization.Decoding;

/// <summary>Tokens are text, as in SentencePiece's vocabularies; some may be bytes.</summary>
internal sealed record PieceDecoder : IDecoder
{
    /// <summary>Applied to every token.</summary>
    public IReadOnlyList<INormalizer> Replacements { get; init; } = [];

    /// <summary>Whether tokens <c>&lt;0xNN&gt;</c> are bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>How many of <see cref="StripContent"/> are dropped at the start of the text.</summary>
    public int StripStart { get; init; }

    /// <summary>The character that is dropped at the start of the text.</summary>
    public char StripContent { get; init; } = ' ';

    /// <summary>A character that the first token of a text loses in any position: Metaspace's prepended mark.</summary>
    public char? MarkDroppedFromFirst { get; init; }

    /// <summary>What is put between tokens: a space where the file names no decoder.</summary>
    public string Separator { get; init; } = "";

    public byte[] Bytes(string token) =>
        ByteFallback && ByteTokens.Parse(token) is { } value ? [value] : Encoding.UTF8.GetBytes(Text(token));

    public ITextDecoder Start(ITokenizer tokenizer, bool skipSpecialTokens) => new PieceTextDecoder(this, tokenizer, skipSpecialTokens);

    /// <summary>The token's text, the replacements done.</summary>
    public string Text(string token)
    {
        foreach (var replacement in Replacements) token = replacement.Normalize(token);
        return token;
    }
}
