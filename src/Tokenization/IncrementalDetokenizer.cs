using System.Text;

namespace Grid.Tokenization;

/// <summary>
/// The text of a growing sequence of ids. It gives out text as soon as no later id can change it, never half a character;
/// all of its text together is <see cref="ITokenizer.Decode"/> of all ids. An id takes amortised constant time.
/// Not safe for several threads.
/// </summary>
public sealed class IncrementalDetokenizer
{
    private readonly ITextDecoder _decoder;
    private readonly StringBuilder _text = new();

    /// <param name="tokenizer">Whose ids they are.</param>
    /// <param name="skipSpecialTokens">Whether special tokens give no text.</param>
    /// <param name="replayed">
    /// Ids that came before and whose certain text is already known: the prompt, or the output so far where a sequence
    /// resumes. Bytes of theirs that are not yet a character belong to the text that follows.
    /// </param>
    public IncrementalDetokenizer(ITokenizer tokenizer, bool skipSpecialTokens = true, ReadOnlySpan<int> replayed = default)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        _decoder = tokenizer.CreateTextDecoder(skipSpecialTokens);
        foreach (var id in replayed) _decoder.Append(id, _text);
        _text.Clear();
    }

    /// <summary>The text that has become certain with this id; empty where none has.</summary>
    public string Append(int id)
    {
        _decoder.Append(id, _text);
        return Take();
    }

    /// <summary>The rest of the text, after the last id; bytes that are no character become U+FFFD.</summary>
    public string Flush()
    {
        _decoder.Flush(_text);
        return Take();
    }

    private string Take()
    {
        if (_text.Length == 0) return "";
        var text = _text.ToString();
        _text.Clear();
        return text;
    }
}
