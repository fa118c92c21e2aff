namespace Grid.Cli.CommandLine;

/// <summary><c>--a_b</c> is <c>--a-b</c>, as in vLLM.</summary>
internal static class FlagSpelling
{
    /// <summary>Writes the names of long flags with dashes; values and everything after <c>--</c> stay.</summary>
    public static string[] Normalize(IReadOnlyList<string> arguments)
    {
        var end = arguments.ToList().IndexOf("--");
        return [.. arguments.Select((argument, index) => end >= 0 && index > end ? argument : Normalize(argument))];
    }

    /// <summary>Whether a word is meant as a flag: dashes, then a letter, and no blank in its name.</summary>
    public static bool LooksLikeFlag(string argument)
    {
        var name = NameOf(argument).TrimStart('-');
        return argument.StartsWith('-') && name.Length > 0 && char.IsAsciiLetter(name[0]) && !name.Any(char.IsWhiteSpace);
    }

    /// <summary>The part before <c>=</c>.</summary>
    public static string NameOf(string argument) => argument.IndexOf('=') is var at and >= 0 ? argument[..at] : argument;

    private static string Normalize(string argument)
    {
        if (!argument.StartsWith("--", StringComparison.Ordinal) || !LooksLikeFlag(argument)) return argument;
        var name = NameOf(argument);
        return string.Concat(name.Replace('_', '-'), argument.AsSpan(name.Length));
    }
}
