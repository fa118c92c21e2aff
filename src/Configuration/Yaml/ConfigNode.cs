namespace Grid.Configuration.Yaml;

/// <summary>A node of a YAML document and where it starts.</summary>
/// <param name="Line">The line in the file, from 1.</param>
/// <param name="Column">The column in the line, from 1.</param>
internal abstract record ConfigNode(int Line, int Column);

/// <summary>A scalar.</summary>
/// <param name="Line">The line in the file, from 1.</param>
/// <param name="Column">The column in the line, from 1.</param>
/// <param name="Text">The value as text.</param>
/// <param name="Plain">Whether it is not quoted, and so may be a number, a Boolean or null.</param>
internal sealed record ScalarNode(int Line, int Column, string Text, bool Plain) : ConfigNode(Line, Column)
{
    public bool IsNull => Plain && Text is ("" or "~" or "null" or "Null" or "NULL");
}

/// <summary>A list.</summary>
internal sealed record ListNode(int Line, int Column, IReadOnlyList<ConfigNode> Items) : ConfigNode(Line, Column);

/// <summary>A mapping; a key may occur twice, which its reader reports.</summary>
internal sealed record MappingNode(int Line, int Column, IReadOnlyList<(ScalarNode Key, ConfigNode Value)> Entries)
    : ConfigNode(Line, Column);
