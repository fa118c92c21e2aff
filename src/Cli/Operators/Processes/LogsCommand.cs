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
        var tail = Flags.Integer("--tail", 200, 0, int.MaxValue, "Number of most recent lines to show first");
        var follow = new Option<bool>("--follow", "-f") { Description = "Follow new lines until interrupted", Arity = ArgumentArity.Zero };
        return OperatorVerb.Create(
            "logs", "Show the log of the process behind the admin API",
            [("grid logs --tail 50 -f", "the last lines, then new ones as they are written")],
            [tail, follow],
            async call =>
            {
                await foreach (var line in call.Client.LogsAsync(call.Result.GetValue(tail), call.Result.GetValue(follow),
                    call.Cancellation))
                    call.Output.Write(new JsonObject { ["line"] = line }, output => output.WriteLine(line), oneLine: true);
                return ExitCodes.Done;
            });
    }
}
