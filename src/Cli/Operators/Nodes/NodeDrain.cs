using Grid.Abstractions;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Operations;
using Grid.Cli.Operators.Access;
using Grid.Client.Admin;
using Grid.Primitives.Units;

namespace Grid.Cli.Operators.Nodes;

/// <summary>Starts a drain and follows it, with its progress on stderr.</summary>
internal sealed class NodeDrain(OperatorCall call, string node)
{
    private string? _lastLine;

    /// <summary>0: Drained; 7: Blocked past its deadline, the drain continues; 1: cancelled or failed.</summary>
    public async Task<int> RunAsync(DrainRequest request, bool wait)
    {
        var operation = await call.Client.DrainAsync(node, request, call.Cancellation);
        if (!wait)
        {
            call.Output.Write(operation.Json, $"node/{node} draining ({operation.Value.Id})");
            return ExitCodes.Done;
        }

        return await call.WaitAsync(() => LookAsync(operation.Value.Id), null);
    }

    private async Task<int?> LookAsync(string id)
    {
        var operation = await call.Client.OperationAsync(id, call.Cancellation);
        var view = (await call.Client.NodesAsync(call.Cancellation)).Value.FirstOrDefault(candidate => candidate.Name == node);
        ReportProgress(operation.Value, view?.Drain);
        return operation.Value.State switch
        {
            nameof(OperationState.Succeeded) => End(operation, "drained", ExitCodes.Done),
            nameof(OperationState.Cancelled) => End(operation, "drain cancelled", ExitCodes.Failed),
            nameof(OperationState.Failed) => End(operation, $"drain failed: {operation.Value.Message}", ExitCodes.Failed),
            nameof(OperationState.Blocked) when view?.State != NodeState.Drained && !(view?.Drain?.Deadline > call.Time.GetUtcNow()) =>
                End(operation, $"drain blocked: {operation.Value.Message}; it continues", ExitCodes.TimedOut),
            _ => null,
        };
    }

    private int End(AdminAnswer<OperationView> operation, string state, int code)
    {
        call.Output.Write(operation.Json, $"node/{node} {state}");
        return code;
    }

    private void ReportProgress(OperationView operation, DrainView? drain)
    {
        var left = drain is null
            ? ""
            : $": {Plural.Count(drain.StreamsLeft, "stream")} and {Plural.Count(drain.ShardsLeft, "shard")} "
            + $"left{(drain.Deadline is { } deadline ? $", hand-over at {deadline.UtcDateTime:HH:mm:ss}Z" : "")}";
        var line = $"grid: drain {node} {operation.State}{left}{(operation.Message is { Length: > 0 } message ? $" ({message})" : "")}";
        if (line == _lastLine) return;
        _lastLine = line;
        call.Error.WriteLine(line);
    }
}
