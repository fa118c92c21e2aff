using System.CommandLine;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Tools;

/// <summary>Verbs of later versions: they are known, their flags parse, and they answer "not supported".</summary>
internal static class PlannedVerbs
{
    private static readonly Dictionary<string, string[]> Flags = new()
    {
        ["batch"] = ["--input", "--output"],
    };

    private static readonly Dictionary<string, string> ShortNames = new()
    {
        ["--output"] = "-o", ["--input"] = "-i",
    };

    public static IEnumerable<string> Names => Flags.Keys;

    public static IEnumerable<Command> Create() => Flags.Select(verb =>
    {
        var command = new Command(verb.Key, "Not supported in this version") { Hidden = true };
        command.Add(new Argument<string[]>("arguments") { Arity = ArgumentArity.ZeroOrMore });
        foreach (var name in verb.Value)
            command.Add(ShortNames.TryGetValue(name, out var alias) ? new PlannedFlag(name, alias) : new PlannedFlag(name));
        command.SetAction((Func<ParseResult, int>)(_ => throw CommandException.NotSupported($"grid {verb.Key}")));
        return command;
    });
}
