using System.CommandLine;
using Grid.Abstractions;
using Grid.Abstractions.Models;
using Grid.Cli.CommandLine;
using Grid.Cli.Operators.Access;
using Grid.Cli.Operators.Waiting;

namespace Grid.Cli.Operators.Configuration;

/// <summary><c>grid apply -f FILE</c>.</summary>
internal static class ApplyCommand
{
    public static Command Create()
    {
        var (file, dryRun) = (ConfigFile.Flag(), Flags.Switch("--dry-run", "Only show what would change"));
        var (wait, timeout) = (Flags.Switch("--wait", "Wait until all models are at this configuration"), WaitTimeout.Flag());
        return OperatorVerb.Create(
            "apply", "Apply a grid.yaml",
            [("grid apply -f grid.yaml --wait", "returns when all models are ready"),
                ("grid apply -f - --dry-run < grid.yaml", "what would change")],
            [file, dryRun, wait, timeout],
            async call =>
            {
                var config = await ConfigFile.ReadAsync(call.Result.GetRequiredValue(file), call.Cancellation);
                if (call.Result.GetValue(dryRun))
                {
                    var diff = await call.Client.DiffAsync(config.Text, config.Name, config.Folder, call.Cancellation);
                    call.Output.Write(diff.Json, output => DiffTable.Write(output, diff.Value));
                    return ExitCodes.Done;
                }

                var answer = await call.Client.ApplyAsync(config.Text, config.Name, config.Folder, cancellation: call.Cancellation);
                var code = call.Result.GetValue(wait)
                    ? await ReachAsync(call, answer.Value.Version, WaitTimeout.Read(call.Result, timeout))
                    : ExitCodes.Done;
                call.Output.Write(answer.Json, $"configuration {answer.Value.Version} applied: {answer.Value.Message}");
                return code;
            });
    }

    /// <summary>0 when every model is where the version wants it, 1 when one has failed, 7 when the time is over.</summary>
    public static Task<int> ReachAsync(OperatorCall call, long version, TimeSpan timeout)
    {
        var shown = "";
        return call.WaitAsync(
            async () =>
            {
                var status = (await call.Client.StatusAsync(call.Cancellation)).Value;
                var open = status.Models.Where(model => model.State is not (nameof(ModelState.Ready) or nameof(ModelState.ScaledToZero)))
                    .ToArray();
                var line =
                    $"grid: configuration {version}, observed "
                    + $"{status.ObservedVersion}{string.Concat(open.Select(model => $"; {model.Name} {model.State} "
                    + $"{model.Ready}/{model.Desired}"))}";
                if (line != shown) call.Error.WriteLine(shown = line);
                if (open.Any(model => model.State == nameof(ModelState.Failed))) return ExitCodes.Failed;
                return status.ObservedVersion >= version && open.Length == 0 ? ExitCodes.Done : null;
            },
            timeout);
    }
}
