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
        var (wait, timeout) = (Flags.Switch("--wait", "Wait until its last stream has ended and it is removed"), WaitTimeout.Flag());
        return OperatorVerb.Create(
            "delete", "Delete a model once its streams have ended",
            [("grid delete guide", "new requests are refused; running ones finish")],
            [model, wait, timeout],
            async call =>
            {
                var name = call.Result.GetRequiredValue(model);
                var operation = await call.Client.DeleteAsync(name, call.Cancellation);
                var code = call.Result.GetValue(wait)
                    ? await new ModelWait(call, name).GoneAsync(WaitTimeout.Read(call.Result, timeout))
                    : ExitCodes.Done;
                call.Output.Write(operation.Json, $"model/{name} deleted");
                return code;
            });
    }
}
