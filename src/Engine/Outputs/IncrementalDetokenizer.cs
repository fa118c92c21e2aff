using System.Text;
using Grid.Tokenization;

namespace Grid.Engine.Outputs;

/// <summary>Ids to text, whole characters only.</summary>
internal sealed class IncrementalDetokenizer(ITokenizer tokenizer, bool skipSpecialTokens)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    public string Append(int id) => skipSpecialTokens && tokenizer.IsSpecial(id) ? "" : Decode(tokenizer.IdToBytes(id).Span, flush: false);

    public string Flush() => Decode([], flush: true);

    private string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        var chars = new char[_decoder.GetCharCount(bytes, flush)];
        _decoder.GetChars(bytes, chars, flush);
        return new string(chars);
    }
}
