using Grid.Abstractions.Http;

namespace Grid.Gateway.Admin;

/// <summary>Operations: list, get, cancel.</summary>
internal static class OperationHandlers
{
    public static async Task ListAsync(AdminCall call) =>
        await call.WriteAsync(AdminJson.List("Operation", await call.Grid.GetOperations()));

    public static async Task GetAsync(AdminCall call)
    {
        var id = call.Route("id");
        var operation = (await call.Grid.GetOperations()).FirstOrDefault(operation => operation.Id == id)
            ?? throw AdminException.NotFound($"There is no operation '{id}'.");
        await call.WriteAsync(AdminJson.Document("Operation", operation));
    }

    public static async Task CancelAsync(AdminCall call) =>
        await call.WriteAsync(AdminJson.Document("Operation", AdminCall.Unwrap(await call.Grid.Cancel(call.Route("id"), call.Actor))));
}
