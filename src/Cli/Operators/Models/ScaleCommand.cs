using System.CommandLine;
using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Cli.Operators.Access;
using Grid.Cli.Operators.Waiting;
using Grid.Configuration.Reading;

namespace Grid.Cli.Operators.Models;

/// <summary><c>grid scale MODEL --replicas N</c>.</summary>
internal static class ScaleCommand
{
    public static Command Create()
    {
        var model = OperatorVerb.Name("MODEL", "Name of the model");
        var replicas = Flags.OptionalInteger("--replicas", 0, GridConfigParser.MaxReplicas,
            "Desired number of replicas; it holds until grid.yaml changes this model");
        replicas.Required = true;
        var (wait, timeout) = (Flags.Switch("--wait", "Wait until they are ready"), WaitTimeout.Flag());
        return OperatorVerb.Create(
            "scale", "Set the number of replicas of a model",
            [("grid scale guide --replicas 4 --wait", "returns when four are ready; 6 when they do not fit")],
            [model, replicas, wait, timeout],
            async call =>
            {
                var name = call.Result.GetRequiredValue(model);
                var count = call.Result.GetValue(replicas)!.Value;
                var operation = await call.Client.ScaleAsync(name, count, call.Cancellation);
                var code = call.Result.GetValue(wait)
                    ? await new ModelWait(call, name).ReadyAsync(operation.Value.Id, WaitTimeout.Read(call.Result, timeout))
                    : ExitCodes.Done;
                call.Output.Write(operation.Json, $"model/{name} scaled to {count}");
                return code;
            });
    }
}
