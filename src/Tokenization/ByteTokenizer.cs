using System.Globalization;
using System.Text;
using Grid.Tokenization.Models;

namespace Grid.Tokenization;

/// <summary>The tokenizer of the simulated engine: ids 0 to 255 are UTF-8 bytes, id N from 256 on is the text <c> wN</c>.</summary>
/// <param name="vocabSize">One more than the highest id; at least 256.</param>
public sealed class ByteTokenizer(int vocabSize) : ITokenizer
{
    private const int FirstWord = 256;

    private static readonly byte[] AllBytes = [.. Enumerable.Range(0, FirstWord).Select(value => (byte)value)];

    /// <inheritdoc/>
    public int VocabSize { get; } = vocabSize >= FirstWord
        ? vocabSize
        : throw new ArgumentOutOfRangeException(nameof(vocabSize), vocabSize, $"vocab must be at least {FirstWord}, one id for each byte");

    /// <inheritdoc/>
    public int? BosTokenId => null;

    /// <inheritdoc/>
    public int? EosTokenId => null;

    /// <inheritdoc/>
    public int[] Encode(string text, bool addSpecialTokens = true) => Array.ConvertAll(Encoding.UTF8.GetBytes(text), value => (int)value);

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = false)
    {
        var decoder = ((ITokenizer)this).CreateTextDecoder(skipSpecialTokens);
        var text = new StringBuilder();
        foreach (var id in ids) decoder.Append(id, text);
        decoder.Flush(text);
        return text.ToString();
    }

    /// <inheritdoc/>
    public string? IdToToken(int id)
    {
        if (id < 0 || id >= VocabSize) return null;
        return id < FirstWord ? ByteTokens.Name((byte)id) : Word(id);
    }

    /// <inheritdoc/>
    public int? TokenToId(string token)
    {
        if (ByteTokens.Parse(token) is { } value) return value;
        var isNumber = int.TryParse(token.AsSpan(Math.Min(2, token.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        return isNumber && id >= FirstWord && id < VocabSize && token == Word(id) ? id : null;
    }

    /// <inheritdoc/>
    public bool IsSpecial(int id) => false;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> IdToBytes(int id)
    {
        if (id < 0 || id >= VocabSize) return ReadOnlyMemory<byte>.Empty;
        return id < FirstWord ? AllBytes.AsMemory(id, 1) : Encoding.UTF8.GetBytes(Word(id));
    }

    private static string Word(int id) => string.Create(CultureInfo.InvariantCulture, $" w{id}");
}
