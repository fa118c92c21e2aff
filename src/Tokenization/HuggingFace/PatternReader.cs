using Grid.Tokenization.Patterns;

namespace Grid.Tokenization.HuggingFace;

/// <summary>Reads <c>{"String": ...}</c> and <c>{"Regex": ...}</c>.</summary>
internal static class PatternReader
{
    public static TextPattern Read(JsonComponent pattern)
    {
        if (pattern.Find("String") is { } literal) return new LiteralPattern(literal.Text());
        if (pattern.Find("Regex") is not { } expression) throw pattern.Fault("a pattern is 'String' or 'Regex'");
        try
        {
            return new RegexPattern(expression.Text());
        }
        catch (Exception fault) when (fault is NotSupportedException or ArgumentException)
        {
            throw expression.Fault(fault.Message, fault);
        }
    }
}
