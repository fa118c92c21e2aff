using System.CommandLine;
using Grid.Abstractions.Admin;
using Grid.Cli.Operators.Access;
using Grid.Cli.Operators.Output;
using Grid.Primitives.Units;

namespace Grid.Cli.Operators.Nodes;

/// <summary><c>grid nodes</c>.</summary>
internal static class NodesCommand
{
    public static Command Create() => OperatorVerb.Create(
        "nodes", "List the nodes of the grid",
        [("grid nodes", "states, devices, shards and streams"), ("grid nodes -o json --watch", "one document per line at each change")],
        [],
        call => call.ShowAsync(() => call.Client.NodesAsync(call.Cancellation),
            (output, nodes) => Table(nodes, call.Output.IsWide).Write(output)),
        watchable: true);

    private static TextTable Table(NodeView[] nodes, bool wide)
    {
        string[] columns = ["NAME", "STATE", "ROLES", "DEVICES", "RESERVED", "SHARDS", "STREAMS"];
        var table =
            new TextTable(wide ? [.. columns, "ADDRESS", "PID", "VERSION", "WIRE", "LABELS", "JOINED", "REASON", "MESSAGE"] : columns);
        foreach (var node in nodes)
        {
            object?[] row = [node.Name, StateOf(node), string.Join(',', node.Roles),
                string.Join(',', node.Devices.Select(device => device.Id)), Reserved(node), node.Shards.Length, node.Streams];
            table.Add(wide
                ? [.. row, node.Address, node.Pid, node.Version, node.Wire,
                string.Join(',', node.Labels.OrderBy(label => label.Key).Select(label => $"{label.Key}={label.Value}")),
                    $"{node.JoinedAt.UtcDateTime:u}", node.Reason, node.Message]
                : row);
        }

        return table;
    }

    private static string StateOf(NodeView node) => node.Cordoned ? $"{node.State},Cordoned" : node.State.ToString();

    private static string Reserved(NodeView node) => node.Devices.Length == 0
        ? "" : $"{ByteSize.Format(node.Devices.Sum(device => device.ReservedBytes))} of "
        + $"{ByteSize.Format(node.Devices.Sum(device => device.MemoryBytes))}";
}
