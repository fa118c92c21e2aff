using System.CommandLine;
using Grid.Abstractions;
using Grid.Cli.Operators.Access;

namespace Grid.Cli.Operators.Nodes;

/// <summary><c>grid cordon</c> and <c>grid uncordon</c>.</summary>
internal static class CordonCommands
{
    public static Command Cordon() =>
        Create("cordon", "Mark a node as unschedulable; shards that run there stay", cordoned: true, "no new replica is placed on b");

    public static Command Uncordon() =>
        Create("uncordon", "Mark a node as schedulable again and cancel its drain", cordoned: false, "replicas may be placed on b again");

    private static Command Create(string name, string description, bool cordoned, string meaning)
    {
        var node = OperatorVerb.Name("NODE", "Name of the node");
        return OperatorVerb.Create(name, description, [($"grid {name} b", meaning)], [node], async call =>
        {
            var answer = await call.Client.CordonAsync(call.Result.GetRequiredValue(node), cordoned, call.Cancellation);
            call.Output.Write(answer.Json, $"node/{answer.Value.Name} {name}ed");
            return ExitCodes.Done;
        });
    }
}
