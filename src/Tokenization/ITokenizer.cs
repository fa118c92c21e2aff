namespace Grid.Tokenization;

/// <summary>Text to token ids and back. Implementations are immutable and safe to use from many threads.</summary>
public interface ITokenizer
{
    /// <summary>One more than the highest id, added tokens included.</summary>
    int VocabSize { get; }

    /// <summary>Id of the beginning-of-sequence token, or null where the model has none.</summary>
    int? BosTokenId { get; }

    /// <summary>Id of the end-of-sequence token, or null where the model has none.</summary>
    int? EosTokenId { get; }

    /// <summary>The ids of <paramref name="text"/>; added tokens written out in the text are recognised.</summary>
    /// <param name="text">Any text; lone surrogates are read as U+FFFD.</param>
    /// <param name="addSpecialTokens">Whether the post-processor's tokens (BOS, EOS) are added.</param>
    int[] Encode(string text, bool addSpecialTokens = true);

    /// <summary>The text of <paramref name="ids"/>. Ids outside the vocabulary give nothing; broken UTF-8 gives U+FFFD.</summary>
    string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = false);

    /// <summary>The token as the vocabulary writes it, or null where there is no such id.</summary>
    string? IdToToken(int id);

    /// <summary>The id of a token as the vocabulary writes it, or null.</summary>
    int? TokenToId(string token);

    /// <summary>Whether the id is a special token, which <c>skip_special_tokens</c> leaves out.</summary>
    bool IsSpecial(int id);

    /// <summary>The bytes that the token stands for inside a text (U+2581 is a space, a byte token one byte).</summary>
    ReadOnlyMemory<byte> IdToBytes(int id);

    /// <summary>Decodes one sequence of ids step by step to the text that <see cref="Decode"/> gives for all of them.</summary>
    ITextDecoder CreateTextDecoder(bool skipSpecialTokens) => new Utf8TextDecoder(this, skipSpecialTokens);
}
