using System.CommandLine;
using Grid.Cli.CommandLine;
using Grid.Cli.Options;
using Grid.Cluster.Joining;
using Grid.Node.Options;
using Grid.Node.Processes;

namespace Grid.Cli.Up;

/// <summary>What <c>up</c> and <c>gateway</c> have in common.</summary>
internal static class NodeReader
{
    /// <summary>A node that joins, with silo; the verbs change what is theirs.</summary>
    /// <exception cref="CommandException">A value breaks its rule.</exception>
    public static NodeOptions Read(ParseResult result, ServerFlags server, NodeFlags node, bool hasGateway)
    {
        Func<string, string?> variable = Environment.GetEnvironmentVariable;
        var options = server.Read(result, variable, "", hasGateway);
        if (!NodeNames.IsName(options.Name)) throw new CommandException($"--name must be {NodeNames.NameRule}; got '{options.Name}'.");
        var (store, allowVolatile) = node.ReadStore(result, variable);
        return new NodeOptions
        {
            Server = options,
            Head = false,
            Silo = true,
            Gateway = hasGateway,
            Private = true,
            Token = node.ReadToken(result, variable),
            AdvertisedAddress = node.ReadAdvertised(result, variable, options.Address),
            Labels = node.ReadLabels(result),
            Devices = node.ReadDevices(result),
            CpuThreads = node.ReadCpuThreads(result),
            Store = store,
            AllowVolatileStore = allowVolatile,
        };
    }

    /// <summary>Runs the process until a signal.</summary>
    public static async Task<int> RunAsync(NodeOptions options, ParseResult result)
    {
        using var interruption = new Interruption();
        return await new NodeProcess(options, result.InvocationConfiguration.Output).RunAsync(interruption.Shutdown);
    }
}
