using System.Text;

namespace Grid.Tokenization.Models;

/// <summary>Byte-pair encoding of one piece at a time (Sennrich et al., 2016).</summary>
internal sealed class BpeModel
{
    private readonly MergeTable _merges;
    private readonly BpeOptions _options;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly int?[] _byteIds = new int?[256];
    private readonly WordCache _cache = new();

    public BpeModel(Dictionary<string, int> vocabulary, MergeTable merges, BpeOptions options)
    {
        Vocabulary = vocabulary;
        _merges = merges;
        _options = options;
        _lookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var value = 0; value < 256 && options.ByteFallback; value++)
            if (vocabulary.TryGetValue(ByteTokens.Name((byte)value), out var id)) _byteIds[value] = id;
    }

    /// <summary>Tokens by the text that they are written with.</summary>
    public IReadOnlyDictionary<string, int> Vocabulary { get; }

    /// <summary>Adds the ids of a piece.</summary>
    public void Tokenize(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (_options.IgnoreMerges && _lookup.TryGetValue(piece, out var whole))
        {
            ids.Add(whole);
            return;
        }
        if (_cache.TryGet(piece, out var cached))
        {
            ids.AddRange(cached);
            return;
        }
        var start = ids.Count;
        var word = MergeBuffer.Rent();
        AddSymbols(piece, word);
        word.MergeAll(_merges);
        word.CopyTo(ids);
        MergeBuffer.Return(word);
        _cache.Add(piece, ids, start);
    }

    private void AddSymbols(ReadOnlySpan<char> piece, MergeBuffer word)
    {
        var pendingUnknown = false;
        while (!piece.IsEmpty)
        {
            Rune.DecodeFromUtf16(piece, out var rune, out var units);
            if (_lookup.TryGetValue(piece[..units], out var id))
            {
                if (pendingUnknown) word.Add(_options.UnknownId!.Value);
                pendingUnknown = false;
                word.Add(id);
            }
            else if (!TryAddBytes(rune, word) && _options.UnknownId is { } unknown)
            {
                if (pendingUnknown && !_options.FuseUnknown) word.Add(unknown);
                pendingUnknown = true;
            }
            piece = piece[units..];
        }
        if (pendingUnknown) word.Add(_options.UnknownId!.Value);
    }

    private bool TryAddBytes(Rune rune, MergeBuffer word)
    {
        if (!_options.ByteFallback) return false;
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..rune.EncodeToUtf8(bytes)];
        foreach (var value in bytes)
            if (_byteIds[value] is null) return false;
        foreach (var value in bytes) word.Add(_byteIds[value]!.Value);
        return true;
    }
}
