using System.CommandLine;
using Grid.Cli.CommandLine;
using Grid.Cli.Options;

namespace Grid.Cli.Up;

/// <summary><c>grid gateway --join HOST:PORT</c>.</summary>
internal static class GatewayCommand
{
    public static Command Create()
    {
        var server = new ServerFlags();
        var node = new NodeFlags();
        var join = Flags.Text("--join", "HOST:PORT", "Join port of the head");
        join.Required = true;
        var verb = new Verb("gateway", "Join a gateway to a grid")
        {
            Examples = [("grid gateway --join 10.0.0.1:8007 --token-file token --host 0.0.0.0 --api-key SECRET", "add a gateway")],
            Variables = [("GRID_TOKEN", "the join token"), ("GRID_HOST_IP, VLLM_HOST_IP", "address at which other nodes reach this one"),
                ("GRID_API_KEY", "an additional API key for clients")],
        };
        verb.Add([join]);
        verb.Add(server.Options);
        verb.Add(node.Member);
        verb.Add(node.Joining);
        verb.SetAction(
            result =>
            NodeReader.RunAsync(NodeReader.Read(result, server, node, hasGateway: true) with { Silo = false, Join = result.GetValue(join) },
                result));
        return verb;
    }
}
