namespace Grid.Tokenization.Decoding;

/// <summary>How a vocabulary writes text: tokenizer.json's <c>decoder</c>.</summary>
internal interface IDecoder
{
    /// <summary>The bytes that a token stands for inside a text.</summary>
    byte[] Bytes(string token);

    /// <summary>Decodes one sequence of ids.</summary>
    ITextDecoder Start(ITokenizer tokenizer, bool skipSpecialTokens);
}
