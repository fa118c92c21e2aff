using System.CommandLine;
using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Cli.Operators.Access;
using Grid.Cli.Operators.Waiting;

namespace Grid.Cli.Operators.Models;

/// <summary><c>grid delete MODEL</c>.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var model = OperatorVerb.Name("MODEL", "Name of the model");
        var (wait, timeout) = (Flags.Switch("--wait", "Returns when its last stream has ended and it is gone"), WaitTimeout.Flag());
        return OperatorVerb.Create(
            "delete", "Removes a model once its streams have ended",
            [("grid delete guide", "no new request is taken; running ones end")],
            [model, wait, timeout],
            async call =>
            {
                var name = call.Result.GetRequiredValue(model);
                var operation = await call.Client.DeleteAsync(name, call.Cancellation);
                var code = call.Result.GetValue(wait) ? await new ModelWait(call, name).GoneAsync(WaitTimeout.Read(call.Result, timeout)) : ExitCodes.Done;
                call.Output.Write(operation.Json, $"model/{name} deleted");
                return code;
            });
    }
}
