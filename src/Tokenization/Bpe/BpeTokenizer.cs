using System.Text;
using Grid.Tokenization.AddedTokens;
using Grid.Tokenization.Decoding;
using Grid.Tokenization.Models;
using Grid.Tokenization.Normalization;
using Grid.Tokenization.PreTokenization;

namespace Grid.Tokenization.Bpe;

/// <summary>Added tokens, normalizer, pre-tokenizer, model, template and decoder in the order of Hugging Face tokenizers.</summary>
internal sealed class BpeTokenizer : ITokenizer
{
    private readonly BpeModel _model;
    private readonly string?[] _tokens;
    private readonly byte[]?[] _bytes;

    public BpeTokenizer(BpeModel model, AddedVocabulary addedVocabulary)
    {
        _model = model;
        AddedVocabulary = addedVocabulary;
        var maxId = model.Vocabulary.Count == 0 ? -1 : model.Vocabulary.Values.Max();
        _tokens = new string?[Math.Max(maxId, addedVocabulary.MaxId) + 1];
        _bytes = new byte[]?[_tokens.Length];
        foreach (var (token, id) in model.Vocabulary) _tokens[id] = token;
        for (var id = 0; id < _tokens.Length; id++)
            if (addedVocabulary.Find(id) is { } added) _tokens[id] = added.Content;
    }

    public AddedVocabulary AddedVocabulary { get; }

    public INormalizer? Normalizer { get; init; }

    public IPreTokenizer? PreTokenizer { get; init; }

    public TokenTemplate Template { get; init; } = TokenTemplate.Empty;

    public required IDecoder Decoder { get; init; }

    public int VocabSize => _tokens.Length;

    public int? BosTokenId { get; init; }

    public int? EosTokenId { get; init; }

    public int[] Encode(string text, bool addSpecialTokens = true)
    {
        text = WellFormed(text);
        var ids = new List<int>((text.Length / 3) + 4);
        if (addSpecialTokens) ids.AddRange(Template.Before);
        var buffer = new PieceBuffer();
        var segments = new List<AddedTokenSegment>();
        var normalizedSegments = new List<AddedTokenSegment>();
        AddedVocabulary.AsWritten.Split(text, segments);
        foreach (var segment in segments)
        {
            if (segment.Id is { } id)
            {
                ids.Add(id);
                continue;
            }
            var span = text.AsSpan(segment.Start, segment.End - segment.Start);
            if (Normalizer is not null) span = Normalizer.Normalize(span.ToString());
            normalizedSegments.Clear();
            AddedVocabulary.Normalized.Split(span, normalizedSegments);
            foreach (var part in normalizedSegments)
            {
                if (part.Id is { } partId) ids.Add(partId);
                else EncodePart(buffer, span[part.Start..part.End], segment.Start == 0 && part.Start == 0, ids);
            }
        }
        if (addSpecialTokens) ids.AddRange(Template.After);
        return [.. ids];
    }

    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = false)
    {
        var decoder = CreateTextDecoder(skipSpecialTokens);
        var text = new StringBuilder(ids.Length * 4);
        foreach (var id in ids) decoder.Append(id, text);
        decoder.Flush(text);
        return text.ToString();
    }

    public string? IdToToken(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    public int? TokenToId(string token) =>
        AddedVocabulary.Find(token)?.Id ?? (_model.Vocabulary.TryGetValue(token, out var id) ? id : null);

    public bool IsSpecial(int id) => AddedVocabulary.Find(id) is { Special: true };

    public ReadOnlyMemory<byte> IdToBytes(int id)
    {
        if (IdToToken(id) is not { } token) return ReadOnlyMemory<byte>.Empty;
        return _bytes[id] ??= Decoder.Bytes(token);
    }

    public ITextDecoder CreateTextDecoder(bool skipSpecialTokens) => Decoder.Start(this, skipSpecialTokens);

    private void EncodePart(PieceBuffer buffer, ReadOnlySpan<char> text, bool atTextStart, List<int> ids)
    {
        if (PreTokenizer is null)
        {
            _model.Tokenize(text, ids);
            return;
        }
        buffer.Reset(text, atTextStart);
        PreTokenizer.Apply(buffer);
        foreach (var piece in buffer.Pieces) _model.Tokenize(buffer[piece], ids);
    }

    /// <summary>Lone surrogates as U+FFFD: they have no UTF-8.</summary>
    private static string WellFormed(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0) return text;
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) result.AppendRune(rune);
        return result.ToString();
    }
}
