using System.CommandLine;
using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Cli.Operators.Access;
using Grid.Cli.Operators.Models;
using Grid.Cli.Operators.Output;
using Grid.Cli.Operators.Waiting;

namespace Grid.Cli.Operators.Rollouts;

/// <summary><c>grid rollout status|history|undo MODEL</c>.</summary>
internal static class RolloutCommand
{
    public static Command Create()
    {
        var verb = new Verb("rollout", "Manage the rollout of a model");
        verb.Add(Status());
        verb.Add(History());
        verb.Add(Undo());
        return verb;
    }

    private static Verb Status()
    {
        var (model, timeout) = (OperatorVerb.Name("MODEL", "Name of the model"), WaitTimeout.Flag());
        return OperatorVerb.Create(
            "status", "Wait until all replicas serve the desired revision",
            [("grid rollout status guide", "progress on stderr; exits with 0 when Ready, 1 when Failed, 7 after --timeout")],
            [model, timeout],
            async call =>
            {
                var name = call.Result.GetRequiredValue(model);
                await call.Client.ModelAsync(name, call.Cancellation);
                var code = await new ModelWait(call, name).ReadyAsync(null, WaitTimeout.Read(call.Result, timeout));
                var answer = await call.Client.ModelAsync(name, call.Cancellation);
                call.Output.Write(answer.Json,
                    $"model/{name} {answer.Value.State}: {answer.Value.Ready} of {answer.Value.Desired} ready, revision "
                    + $"{answer.Value.Revision ?? "unknown"}");
                return code;
            });
    }

    private static Verb History()
    {
        var model = OperatorVerb.Name("MODEL", "Name of the model");
        return OperatorVerb.Create(
            "history", "Show the configurations that changed a model",
            [("grid rollout history guide", "versions, who applied them, and what changed")],
            [model],
            async call =>
            {
                var history = await ModelHistory.LoadAsync(call, call.Result.GetRequiredValue(model));
                call.Output.Write(history.Json, output =>
                {
                    var table = new TextTable("VERSION", "TIME", "ACTOR", "CHANGE");
                    foreach (var entry in history.Entries)
                        table.Add(entry.Version, $"{entry.Time.UtcDateTime:u}", entry.Actor, entry.Change);
                    table.Write(output);
                });
                return ExitCodes.Done;
            });
    }

    private static Verb Undo()
    {
        var model = OperatorVerb.Name("MODEL", "Name of the model");
        var version = Flags.OptionalInteger("--to-version", 1, int.MaxValue,
            "Configuration version to roll back to [default: the one before the last change]");
        var (wait, timeout) = (Flags.Switch("--wait", "Wait until the model is Ready"), WaitTimeout.Flag());
        return OperatorVerb.Create(
            "undo", "Roll a model back to its state before the last change; other models are not affected",
            [("grid rollout undo guide --wait", "roll back to the previous specification")],
            [model, version, wait, timeout],
            async call =>
            {
                var name = call.Result.GetRequiredValue(model);
                var answer = await (await ModelHistory.LoadAsync(call, name)).UndoAsync(call, call.Result.GetValue(version));
                var code = call.Result.GetValue(wait)
                    ? await new ModelWait(call, name).ReadyAsync(null, WaitTimeout.Read(call.Result, timeout))
                    : ExitCodes.Done;
                call.Output.Write(answer.Json, $"model/{name} rolled back (configuration {answer.Value.Version})");
                return code;
            });
    }
}
