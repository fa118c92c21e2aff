namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>
/// A string marked <c>safe</c>: what is added to it with <c>+</c> is escaped for HTML, as in Jinja even without autoescape.
/// </summary>
internal sealed record Markup(string Text)
{
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal);
}
