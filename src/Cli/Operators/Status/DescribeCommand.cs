using System.CommandLine;
using System.Text.Json.Nodes;
using Grid.Abstractions;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Http;
using Grid.Cli.CommandLine;
using Grid.Cli.Operators.Access;
using Grid.Configuration.Yaml;

namespace Grid.Cli.Operators.Status;

/// <summary><c>grid describe KIND NAME</c>.</summary>
internal static class DescribeCommand
{
    private static readonly string[] Kinds = ["node", "model", "replica", "operation"];

    public static Command Create()
    {
        var kind = OperatorVerb.Name("KIND", string.Join(", ", Kinds));
        var name = OperatorVerb.Name("NAME", "b, guide, guide/r0, op-12");
        kind.CompletionSources.Add(Kinds);
        return OperatorVerb.Create(
            "describe", "Show details of one node, model, replica or operation, with its events",
            [("grid describe node b", "devices, shards, drain, events"), ("grid describe model guide", "replicas, ranks, events"),
                ("grid describe replica guide/r0", "one replica")],
            [kind, name],
            async call =>
            {
                var (word, thing) = (call.Result.GetRequiredValue(kind), call.Result.GetRequiredValue(name));
                var document = await FindAsync(call, word, thing);
                var events = await call.Client.EventsAsync(0, follow: false, call.Cancellation)
                    .Where(item => item.Value.Object == $"{word}/{thing}").ToArrayAsync(call.Cancellation);
                var whole = document.DeepClone().AsObject();
                whole["events"] = new JsonArray([.. events.Select(item => item.Json.DeepClone())]);
                call.Output.Write(whole, output =>
                {
                    output.Write(YamlWriter.Write(document));
                    output.WriteLine();
                    EventsCommand.Table(events.Select(item => item.Value)).Write(output);
                });
                return ExitCodes.Done;
            });
    }

    private static async Task<JsonObject> FindAsync(OperatorCall call, string kind, string name) => kind switch
    {
        "node" => (await call.Client.NodeAsync(name, call.Cancellation)).Json,
        "model" => (await call.Client.ModelAsync(name, call.Cancellation)).Json,
        "operation" => (await call.Client.OperationAsync(name, call.Cancellation)).Json,
        "replica" => AdminJson.Document("Replica", await ReplicaAsync(call, name)),
        _ => throw new CommandException($"KIND must be one of {string.Join(", ", Kinds)}; got '{kind}'."),
    };

    private static async Task<ReplicaView> ReplicaAsync(OperatorCall call, string id) =>
        (await call.Client.StatusAsync(call.Cancellation)).Value.Models.SelectMany(model => model.Replicas)
        .FirstOrDefault(replica => replica.Id.ToString() == id)
            ?? throw new CommandException($"There is no replica '{id}'.", ExitCodes.NotFound);
}
