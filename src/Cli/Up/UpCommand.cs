using System.CommandLine;
using Grid.Cli.CommandLine;
using Grid.Cli.Options;

namespace Grid.Cli.Up;

/// <summary><c>grid up --head</c> and <c>grid up --join HOST:PORT</c>.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var server = new ServerFlags();
        var node = new NodeFlags();
        var head = Flags.Switch("--head", "Makes a grid: its store, a silo and a gateway");
        var join = Flags.Text("--join", "HOST:PORT", "Adds a silo to the grid of the head whose join port this is");
        var gateway = Flags.Switch("--gateway", "With --join: a gateway too");
        var noSilo = Flags.Switch("--no-silo", "With --head: no silo");
        var noGateway = Flags.Switch("--no-gateway", "With --head: no gateway");
        var verb = new Verb("up", "Makes a grid of many nodes, or adds a node to one")
        {
            Examples =
            [
                ("grid up --head --config grid.yaml", "a grid of one node that serves the models of the file"),
                ("grid token create", "on the head: a token with which nodes may join"),
                ("grid up --join 10.0.0.1:8007 --token-file token --bind 0.0.0.0", "one more node"),
                ("grid up --head --store redis://:SECRET@10.0.0.9:6379/0", "a grid whose state is in a Redis"),
                ("grid up --head --device sim:2x8GiB", "a node with two simulated devices"),
            ],
            Variables =
            [
                ("GRID_TOKEN", "the join token"),
                ("GRID_HOST_IP, VLLM_HOST_IP", "the address that other nodes dial"),
                ("GRID_API_KEY", "one more key that clients may send"),
                ("GRID_DATA_DIR", "the data folder where --data-dir is not given"),
            ],
        };
        verb.Add([head, join, gateway, noSilo, noGateway]);
        verb.Add(server.Options);
        verb.Add(node.Member);
        verb.Add(node.Devices);
        verb.Add(node.Joining);
        verb.Add(node.Head);
        verb.SetAction(async result =>
        {
            var isHead = result.GetValue(head);
            var target = result.GetValue(join);
            if (isHead == target is not null) throw new CommandException($"grid up needs exactly one of --head and --join HOST:PORT, {(isHead ? "both" : "none")} given.");
            if (!isHead && (result.GetValue(noSilo) || result.GetValue(noGateway) || node.IsForHead(result)))
                throw new CommandException("--no-silo, --no-gateway, --config, --store and --allow-volatile-store belong to --head; they are given with --join.");
            if (isHead && (result.GetValue(gateway) || node.IsForJoining(result))) throw new CommandException("--gateway, --token and --token-file belong to --join; they are given with --head.");
            var hasGateway = isHead ? !result.GetValue(noGateway) : result.GetValue(gateway);
            var options = NodeReader.Read(result, server, node, hasGateway) with
            {
                Head = isHead,
                Silo = !result.GetValue(noSilo),
                Join = target,
                ConfigFile = node.ReadConfig(result),
            };
            return await NodeReader.RunAsync(options, result);
        });
        return verb;
    }
}
