using System.Text.Json;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Http;
using Grid.Configuration.Reading;

namespace Grid.Gateway.Admin;

/// <summary>Models: list, get, deploy, scale, delete.</summary>
internal static class ModelHandlers
{
    public static async Task ListAsync(AdminCall call) =>
        await call.WriteAsync(
        AdminJson.List("Model", (await call.Grid.GetStatus()).Models.OrderBy(model => model.Name, StringComparer.Ordinal)));

    public static async Task GetAsync(AdminCall call) => await call.WriteAsync(AdminJson.Document("Model", await FindAsync(call)));

    public static async Task DeployAsync(AdminCall call)
    {
        var (model, faults) =
            GridConfigParser.ParseModel(await call.ReadAsync(), call.Query("file") ?? "model", ConfigHandlers.Folder(call));
        if (model is null)
            throw AdminException.Config("The model", faults);
        if (model.Name != call.Route("model"))
            throw AdminException.Invalid($"name must be the one in the path ('{call.Route("model")}'); got '{model.Name}'.");
        await AnswerAsync(call, await call.Grid.Deploy(model, call.Actor));
    }

    public static async Task DeleteAsync(AdminCall call) =>
        await AnswerAsync(call, await call.Grid.Delete(call.Route("model"), call.Actor));

    public static async Task ScaleOfAsync(AdminCall call)
    {
        var model = await FindAsync(call);
        await call.WriteAsync(AdminJson.Document("Scale", new ScaleView(model.Name, model.Desired, model.Ready)));
    }

    public static async Task ScaleAsync(AdminCall call)
    {
        if (JsonSerializer.Deserialize<Body>(await call.ReadAsync(), AdminJson.Form)?.Replicas is not { } given)
            throw AdminException.Invalid("replicas must be given: {\"replicas\": 4}.");
        if (given.ValueKind != JsonValueKind.Number || !given.TryGetInt32(out var replicas)
            || replicas is < 0 or > GridConfigParser.MaxReplicas)
            throw AdminException.Invalid(
                $"replicas must be a whole number from 0 to {GridConfigParser.MaxReplicas}; got {given.GetRawText()}.");
        await AnswerAsync(call, await call.Grid.Scale(call.Route("model"), replicas, call.Actor));
    }

    private static Task AnswerAsync(AdminCall call, AdminResult<OperationView> result) =>
        call.WriteAsync(AdminJson.Document("Operation", AdminCall.Unwrap(result)));

    private static async Task<ModelView> FindAsync(AdminCall call)
    {
        var name = call.Route("model");
        return (await call.Grid.GetStatus()).Models.FirstOrDefault(model => model.Name == name)
            ?? throw AdminException.NotFound($"There is no model '{name}'.");
    }

    private sealed record Body(JsonElement? Replicas);
}
