using System.CommandLine;
using Grid.Abstractions;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Nodes;
using Grid.Cli.CommandLine;
using Grid.Cli.Operators.Access;
using Grid.Primitives.Units;

namespace Grid.Cli.Operators.Nodes;

/// <summary><c>grid drain NODE</c>.</summary>
internal static class DrainCommand
{
    public static Command Create()
    {
        var node = OperatorVerb.Name("NODE", "Name of the node");
        var timeout = new Option<TimeSpan?>("--timeout")
        {
            HelpName = "TIME",
            Description = "Hand over the streams that still run after this time [default: each model's drainTimeout]"
        };
        timeout.CustomParser = result => Flags.Parse(result, Grid.Primitives.Units.Duration.Rule, (string text, out TimeSpan? value) =>
        {
            var good = Grid.Primitives.Units.Duration.TryParse(text, out var time);
            value = time;
            return good;
        });
        var force =
            Flags.Switch("--force", "Drain even if minAvailable is violated or there is no room elsewhere; reports what will be lost");
        var dryRun = Flags.Switch("--dry-run", "Only show what would happen");
        var noWait = Flags.Switch("--no-wait", "Return as soon as the drain is accepted");
        var cancel = Flags.Switch("--cancel", "Cancel the drain and mark the node as schedulable again");
        return OperatorVerb.Create(
            "drain", "Drain a node without cutting streams",
            [
                ("grid drain b",
                    "move replicas and traffic off b; exits with 0 when Drained, 6 when refused, 7 when Blocked past the deadline"),
                ("grid drain b --timeout 300s", "hand over the streams that still run after 5 minutes"),
                ("grid drain b --dry-run -o json", "what would move, and what prevents it"),
                ("grid drain b --cancel", "cancel the drain"),
            ],
            [node, timeout, force, dryRun, noWait, cancel],
            call =>
            {
                var name = call.Result.GetRequiredValue(node);
                var seconds = call.Result.GetValue(timeout) is { } time ? (int?)Math.Ceiling(time.TotalSeconds) : null;
                var request = new DrainRequest(seconds, call.Result.GetValue(force), call.Result.GetValue(dryRun));
                if (call.Result.GetValue(cancel)) return CancelAsync(call, name);
                return request.DryRun
                    ? PreviewAsync(call, name, request)
                    : new NodeDrain(call, name).RunAsync(request, wait: !call.Result.GetValue(noWait));
            });
    }

    private static async Task<int> CancelAsync(OperatorCall call, string node)
    {
        var before = (await call.Client.NodesAsync(call.Cancellation)).Value.FirstOrDefault(candidate => candidate.Name == node);
        if (before is { Drain: null, State: not (NodeState.Draining or NodeState.Drained) })
            throw new CommandException($"Node '{node}' has no drain to cancel: it is {before.State}.", ExitCodes.Refused);
        var answer = await call.Client.CordonAsync(node, cordoned: false, call.Cancellation);
        call.Output.Write(answer.Json, $"node/{node} drain cancelled");
        return ExitCodes.Done;
    }

    private static async Task<int> PreviewAsync(OperatorCall call, string node, DrainRequest request)
    {
        var answer = await call.Client.PreviewDrainAsync(node, request, call.Cancellation);
        var preview = answer.Value;
        call.Output.Write(answer.Json, output =>
        {
            output.WriteLine(
                $"node/{node} {(preview.Allowed ? "can be drained" : "cannot be drained")}: {Plural.Count(preview.Streams, "stream")}, "
                + $"{Plural.Count(preview.Moves.Length, "shard")} to move");
            foreach (var reason in preview.Reasons) output.WriteLine($"  {reason}");
            foreach (var move in preview.Moves) output.WriteLine($"  {move.Shard}: {move.From} -> {move.To ?? "(no place)"}");
        });
        return preview.Allowed ? ExitCodes.Done : ExitCodes.Refused;
    }
}
