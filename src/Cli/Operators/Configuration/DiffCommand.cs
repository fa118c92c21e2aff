using System.CommandLine;
using Grid.Abstractions;
using Grid.Cli.Operators.Access;

namespace Grid.Cli.Operators.Configuration;

/// <summary><c>grid diff -f FILE</c>.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var file = ConfigFile.Flag();
        return OperatorVerb.Create(
            "diff", "Show what a grid.yaml would change; exits with 0 for no difference, 1 otherwise",
            [("grid diff -f grid.yaml", "models added, removed, changed in place or by a rollout, and scaled by hand")],
            [file],
            async call =>
            {
                var config = await ConfigFile.ReadAsync(call.Result.GetRequiredValue(file), call.Cancellation);
                var answer = await call.Client.DiffAsync(config.Text, config.Name, config.Folder, call.Cancellation);
                call.Output.Write(answer.Json, output => DiffTable.Write(output, answer.Value));
                return answer.Value.Changed ? ExitCodes.Failed : ExitCodes.Done;
            });
    }
}
