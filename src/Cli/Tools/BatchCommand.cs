using System.CommandLine;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Tools;

/// <summary><c>grid batch</c> of a later version: its flags parse, and it answers "not supported".</summary>
internal static class BatchCommand
{
    public const string Name = "batch";

    public static Command Create()
    {
        var command = new Command(Name, "Not supported in this version") { Hidden = true };
        command.Add(new Argument<string[]>("arguments") { Arity = ArgumentArity.ZeroOrMore });
        command.Add(new PlannedFlag("--input", "-i"));
        command.Add(new PlannedFlag("--output", "-o"));
        command.SetAction((Func<ParseResult, int>)(_ => throw CommandException.NotSupported($"grid {Name}")));
        return command;
    }
}
