using System.CommandLine;
using System.Text.Json.Nodes;
using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Cli.Operators.Access;

namespace Grid.Cli.Operators.Processes;

/// <summary><c>grid logs</c>.</summary>
internal static class LogsCommand
{
    public static Command Create()
    {
        var tail = Flags.Integer("--tail", 200, 0, int.MaxValue, "Lines to begin with");
        var follow = new Option<bool>("--follow", "-f") { Description = "Goes on with each line that comes, until interrupted", Arity = ArgumentArity.Zero };
        return OperatorVerb.Create(
            "logs", "Shows the log of the process that the admin API belongs to",
            [("grid logs --tail 50 -f", "the last lines, then each that comes")],
            [tail, follow],
            async call =>
            {
                await foreach (var line in call.Client.LogsAsync(call.Result.GetValue(tail), call.Result.GetValue(follow), call.Cancellation))
                    call.Output.Write(new JsonObject { ["line"] = line }, output => output.WriteLine(line), oneLine: true);
                return ExitCodes.Done;
            });
    }
}
