using System.Text;
using Grid.Tokenization.PreTokenization;

namespace Grid.Tokenization.Decoding;

internal sealed class ByteLevelDecoder : IDecoder
{
    public byte[] Bytes(string token) => ByteLevelAlphabet.Decode(token) ?? Encoding.UTF8.GetBytes(token);

    public ITextDecoder Start(ITokenizer tokenizer, bool skipSpecialTokens) => new Utf8TextDecoder(tokenizer, skipSpecialTokens);
}
