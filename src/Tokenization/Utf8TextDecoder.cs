using System.Text;

namespace Grid.Tokenization;

/// <summary>Tokens are stretches of UTF-8, as in byte-level vocabularies.</summary>
internal sealed class Utf8TextDecoder(ITokenizer tokenizer, bool skipSpecialTokens) : ITextDecoder
{
    private const int StackBytes = 128;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    public void Append(int id, StringBuilder text)
    {
        if (skipSpecialTokens && tokenizer.IsSpecial(id)) return;
        Write(tokenizer.IdToBytes(id).Span, flush: false, text);
    }

    public void Flush(StringBuilder text) => Write([], flush: true, text);

    private void Write(ReadOnlySpan<byte> bytes, bool flush, StringBuilder text)
    {
        var needed = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        var characters = bytes.Length <= StackBytes ? stackalloc char[Encoding.UTF8.GetMaxCharCount(StackBytes)] : new char[needed];
        text.Append(characters[.._decoder.GetChars(bytes, characters, flush)]);
    }
}
