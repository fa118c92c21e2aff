using System.Text;

namespace Grid.Tokenization;

/// <summary>Turns ids into text one after the other; what it has appended is final. Not safe for several threads.</summary>
public interface ITextDecoder
{
    /// <summary>Takes the next id and appends the text that has become certain, never half a character.</summary>
    void Append(int id, StringBuilder text);

    /// <summary>Appends what is left at the end of the ids; bytes that are no character become U+FFFD.</summary>
    void Flush(StringBuilder text);
}
