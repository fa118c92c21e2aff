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
        var head = Flags.Switch("--head", "Start the head of a new grid: its store, a silo and a gateway");
        var join = Flags.Text("--join", "HOST:PORT", "Join the grid whose head has this join port, as a silo");
        var gateway = Flags.Switch("--gateway", "With --join: start a gateway as well");
        var noSilo = Flags.Switch("--no-silo", "With --head: do not start a silo");
        var noGateway = Flags.Switch("--no-gateway", "With --head: do not start a gateway");
        var verb = new Verb("up", "Start the head of a grid, or join a node to one")
        {
            Examples =
            [
                ("grid up --head --config grid.yaml", "start a grid of one node that serves the models of the file"),
                ("grid token create", "on the head: create a token that lets nodes join"),
                ("grid up --join 10.0.0.1:8007 --token-file token --bind 0.0.0.0", "join one more node"),
                ("grid up --head --store redis://:SECRET@10.0.0.9:6379/0", "keep the grid's state in Redis"),
                ("grid up --head --device sim:2x8GiB", "start a node with two simulated devices"),
            ],
            Variables =
            [
                ("GRID_TOKEN", "the join token"),
                ("GRID_HOST_IP, VLLM_HOST_IP", "address at which other nodes reach this one"),
                ("GRID_API_KEY", "an additional API key for clients"),
                ("GRID_DATA_DIR", "the data folder, if --data-dir is not given"),
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
            if (isHead == target is not null)
                throw new CommandException(
                    $"Exactly one of --head and --join HOST:PORT must be given; got {(isHead ? "both" : "neither")}.");
            if (!isHead && (result.GetValue(noSilo) || result.GetValue(noGateway) || node.IsForHead(result)))
                throw new CommandException(
                    "--no-silo, --no-gateway, --config, --store and --allow-volatile-store can only be used with --head; got --join.");
            if (isHead && (result.GetValue(gateway) || node.IsForJoining(result)))
                throw new CommandException("--gateway, --token and --token-file can only be used with --join; got --head.");
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
