using System.CommandLine;
using System.CommandLine.Parsing;
using Grid.Abstractions.Names;

namespace Grid.Cli.CommandLine;

/// <summary>What is wrong with a command line, in words that name the way out.</summary>
internal static class UsageErrors
{
    /// <summary>The faults of a parsed line, most telling first; empty where there are none.</summary>
    public static IReadOnlyList<string> Find(ParseResult result)
    {
        var command = result.CommandResult.Command;
        if (result.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).FirstOrDefault(IsUnknownFlag) is { } flag)
            return [UnknownFlag(FlagSpelling.NameOf(flag.Value), result)];
        if (result.UnmatchedTokens is [var first, ..]) return [Unmatched(first, command, PathOf(result))];
        if (MissingArguments(result) is { Length: > 0 } missing) return [$"'{PathOf(result)}' needs {string.Join(" and ", missing)}."];
        return [.. result.Errors.Select(error => error.Message).Distinct()];
    }

    /// <summary>The command as typed: <c>grid bench serve</c>.</summary>
    public static string PathOf(ParseResult result)
    {
        var names = new List<string>();
        for (SymbolResult? at = result.CommandResult; at is CommandResult command; at = command.Parent)
            names.Insert(0, command.Command is RootCommand ? "grid" : command.Command.Name);
        return string.Join(' ', names);
    }

    private static string[] MissingArguments(ParseResult result) =>
    [
        .. result.CommandResult.Command.Arguments
            .Where(argument => (result.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MinimumNumberOfValues)
            .Select(argument => argument.Name),
    ];

    private static bool IsUnknownFlag(Token token) => token.Type == TokenType.Argument && FlagSpelling.LooksLikeFlag(token.Value);

    private static string UnknownFlag(string flag, ParseResult result)
    {
        var known = FlagsOf(result.CommandResult).ToArray();
        if (known.Contains(flag)) return $"The flag before {flag} is missing its value.";
        return $"Unknown flag {flag} of '{PathOf(result)}'.{Nearest(flag, known)}";
    }

    private static string Unmatched(string word, Command command, string path) => command.Subcommands.Count > 0
        ? $"Unknown verb '{word}' of '{path}'.{Nearest(word, command.Subcommands.Select(verb => verb.Name))}"
        : $"'{path}' takes no further arguments; got '{word}'.";

    private static string Nearest(string word, IEnumerable<string> names) =>
        NearestName.Find(word, names) is { } nearest ? $" The nearest is {nearest}." : "";

    private static IEnumerable<string> FlagsOf(SymbolResult? at) => at is not CommandResult result
        ? []
        : result.Command.Options.SelectMany(option => option.Aliases.Prepend(option.Name)).Concat(FlagsOf(result.Parent));
}
