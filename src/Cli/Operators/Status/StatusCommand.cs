using System.CommandLine;
using System.Globalization;
using Grid.Abstractions.Admin;
using Grid.Cli.Operators.Access;
using Grid.Cli.Operators.Output;

namespace Grid.Cli.Operators.Status;

/// <summary><c>grid status</c>.</summary>
internal static class StatusCommand
{
    public static Command Create() => OperatorVerb.Create(
        "status", "Show the state of the grid: nodes, gateways, models, replicas and operations",
        [("grid status", "models, gateways and running operations"), ("grid status -o wide", "replicas and ranks as well"),
            ("grid status -o json --watch", "one document per line at each change")],
        [],
        call => call.ShowAsync(() => call.Client.StatusAsync(call.Cancellation),
            (output, status) => Write(output, status, call.Output.IsWide)),
        watchable: true);

    private static void Write(TextWriter output, GridStatus status, bool wide)
    {
        output.WriteLine(
            $"grid/{status.Name}: configuration {status.ConfigVersion} (observed {status.ObservedVersion}), store {status.Store.Kind} "
            + $"{status.Store.State}, nodes {status.Nodes.Ready} of {status.Nodes.Total} ready");
        output.WriteLine();
        Models(status, wide).Write(output);
        if (wide)
        {
            output.WriteLine();
            Ranks(status).Write(output);
        }

        output.WriteLine();
        Gateways(status).Write(output);
        if (status.Operations.Length == 0) return;
        output.WriteLine();
        Operations(status.Operations).Write(output);
    }

    private static TextTable Models(GridStatus status, bool wide)
    {
        string[] columns = ["MODEL", "STATE", "READY", "RUNNING", "WAITING", "QUEUED", "KV", "REASON"];
        var table = new TextTable(wide ? [.. columns, "MIN", "REVISION", "MESSAGE"] : columns);
        foreach (var model in status.Models)
        {
            object?[] row = [model.Name, model.State, $"{model.Ready}/{model.Desired}", model.Running, model.Waiting, model.Queued,
                model.KVUsage.ToString("P0", CultureInfo.InvariantCulture), model.Reason];
            table.Add(wide ? [.. row, model.MinAvailable, model.Revision, model.Message] : row);
        }

        return table;
    }

    private static TextTable Ranks(GridStatus status)
    {
        var table = new TextTable("RANK", "NODE", "STATE", "EPOCH", "RUNNING", "WAITING", "KV TOKENS", "CONCURRENCY", "STRATEGY", "REASON");
        foreach (var replica in status.Models.SelectMany(model => model.Replicas))
        {
            if (replica.Ranks.Length == 0)
                table.Add(replica.Id, null, replica.State, replica.Epoch, null, null, replica.KVTokens, null, Strategy(replica.Strategy),
                    replica.Reason);
            foreach (var rank in replica.Ranks)
                table.Add(rank.Id, rank.Node, rank.State, replica.Epoch, rank.Running, rank.Waiting, replica.KVTokens,
                    replica.MaxConcurrency.ToString("0.00\"x\"", CultureInfo.InvariantCulture), Strategy(replica.Strategy), replica.Reason);
        }

        return table;
    }

    // Sizes in the flags' names, those of one left out.
    private static string Strategy(StrategyView sizes)
    {
        (string Name, int Size)[] all = [("tp", sizes.Tensor), ("pp", sizes.Pipeline), ("dp", sizes.Data), ("ep", sizes.Expert)];
        return string.Join(' ', all.Where(size => size.Size > 1).Select(size => $"{size.Name}{size.Size}")) is { Length: > 0 } text
            ? text
            : "single";
    }

    private static TextTable Gateways(GridStatus status)
    {
        var table = new TextTable("GATEWAY", "URL", "TABLE", "AGE");
        foreach (var gateway in status.Gateways)
            table.Add(gateway.Name, gateway.Url, gateway.TableVersion,
                gateway.TableAgeSeconds.ToString("0.0\"s\"", CultureInfo.InvariantCulture));
        return table;
    }

    private static TextTable Operations(OperationView[] operations)
    {
        var table = new TextTable("OPERATION", "KIND", "TARGET", "STATE", "STARTED", "ENDED", "MESSAGE");
        foreach (var operation in operations)
            table.Add(operation.Id, operation.Kind, operation.Target, operation.State, $"{operation.StartedAt.UtcDateTime:u}",
                operation.EndedAt is { } end ? $"{end.UtcDateTime:u}" : null, operation.Message);
        return table;
    }
}
