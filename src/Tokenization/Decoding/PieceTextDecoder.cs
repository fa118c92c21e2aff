using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Grid.Tokenization.Models;

namespace Grid.Tokenization.Decoding;

/// <summary>
/// Decodes with a <see cref="PieceDecoder"/>. A run of byte tokens is text only if all of it is UTF-8, and U+FFFD for each
/// byte otherwise; so nothing of a run is certain before its end.
/// </summary>
internal sealed class PieceTextDecoder(PieceDecoder decoder, ITokenizer tokenizer, bool skipSpecialTokens) : ITextDecoder
{
    private readonly List<byte> _run = [];
    private bool _isFirst = true;
    private int _toStrip = decoder.StripStart;

    public void Append(int id, StringBuilder text)
    {
        if (skipSpecialTokens && tokenizer.IsSpecial(id)) return;
        if (tokenizer.IdToToken(id) is not { } token) return;
        if (decoder.ByteFallback && ByteTokens.Parse(token) is { } value)
        {
            _run.Add(value);
        }
        else
        {
            Flush(text);
            if (_isFirst && decoder.MarkDroppedFromFirst is { } mark) token = token.Replace(mark.ToString(), "", StringComparison.Ordinal);
            if (!_isFirst) text.Append(decoder.Separator);
            Write(decoder.Text(token), text);
        }
        _isFirst = false;
    }

    public void Flush(StringBuilder text)
    {
        if (_run.Count == 0) return;
        var bytes = CollectionsMarshal.AsSpan(_run);
        Write(Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : new string('\uFFFD', bytes.Length), text);
        _run.Clear();
    }

    private void Write(ReadOnlySpan<char> characters, StringBuilder text)
    {
        while (_toStrip > 0 && !characters.IsEmpty)
        {
            if (characters[0] != decoder.StripContent)
            {
                _toStrip = 0;
                break;
            }
            _toStrip--;
            characters = characters[1..];
        }
        text.Append(characters);
    }
}
