using System.CommandLine;
using Grid.Cli.Operators.Configuration;
using Grid.Cli.Operators.Models;
using Grid.Cli.Operators.Nodes;
using Grid.Cli.Operators.Processes;
using Grid.Cli.Operators.Rollouts;
using Grid.Cli.Operators.Status;
using Grid.Cli.Operators.Waiting;

namespace Grid.Cli;

/// <summary>The verbs of those who run a grid.</summary>
internal static class OperatorVerbs
{
    public static IEnumerable<Command> Create() =>
    [
        NodesCommand.Create(), StatusCommand.Create(), EventsCommand.Create(), DescribeCommand.Create(), CordonCommands.Cordon(),
            CordonCommands.Uncordon(),
        DrainCommand.Create(), ApplyCommand.Create(), DiffCommand.Create(), ScaleCommand.Create(), DeleteCommand.Create(),
            RolloutCommand.Create(),
        WaitCommand.Create(), TokenCommand.Create(), LogsCommand.Create(), DownCommand.Create(),
    ];
}
