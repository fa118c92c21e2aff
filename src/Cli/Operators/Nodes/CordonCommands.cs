using System.CommandLine;
using Grid.Abstractions;
using Grid.Cli.Operators.Access;

namespace Grid.Cli.Operators.Nodes;

/// <summary><c>grid cordon</c> and <c>grid uncordon</c>.</summary>
internal static class CordonCommands
{
    public static Command Cordon() => Create("cordon", "Keeps new shards off a node; what runs there stays", cordoned: true, "no replica is placed on b any more");

    public static Command Uncordon() => Create("uncordon", "Allows new shards on a node again; a drain of it is cancelled", cordoned: false, "b takes replicas again");

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
