using System.CommandLine;
using System.Globalization;
using Grid.Abstractions;
using Grid.Abstractions.Admin;
using Grid.Cli.CommandLine;
using Grid.Cli.Operators.Access;
using Grid.Cli.Operators.Output;
using Grid.Client.Admin;

namespace Grid.Cli.Operators.Status;

/// <summary><c>grid events</c>.</summary>
internal static class EventsCommand
{
    public static Command Create()
    {
        var since = Flags.Duration("--since", "all", "Only show events newer than this, such as 10m");
        var follow = new Option<bool>("--follow", "-f", "--watch", "-w")
        {
            Description = "Follow new events until interrupted",
            Arity = ArgumentArity.Zero
        };
        return OperatorVerb.Create(
            "events", "Show events: every change, who made it, and from what to what",
            [("grid events --since 10m", "events of the last ten minutes"),
                ("grid events -f -o json", "stream events as JSON, one document per line")],
            [since, follow],
            async call =>
            {
                var from = call.Result.GetResult(since) is { Implicit: false }
                    ? call.Time.GetUtcNow() - call.Result.GetValue(since)
                    : DateTimeOffset.MinValue;
                return await (call.Result.GetValue(follow) ? FollowAsync(call, from) : ListAsync(call, from));
            });
    }

    /// <summary>Events as rows.</summary>
    public static TextTable Table(IEnumerable<GridEventView> events)
    {
        var table = new TextTable("TIME", "TYPE", "REASON", "OBJECT", "COUNT", "ACTOR", "MESSAGE");
        foreach (var item in events)
            table.Add($"{item.Time.UtcDateTime:u}", item.Type, item.Reason, item.Object, item.Count, item.Actor, item.Message);
        return table;
    }

    private static async Task<int> ListAsync(OperatorCall call, DateTimeOffset from)
    {
        var events = await call.Client.EventsAsync(0, follow: false, call.Cancellation).Where(item => item.Value.Time >= from)
            .ToArrayAsync(call.Cancellation);
        if (call.Output.Form is OutputForm.Json or OutputForm.Yaml)
            foreach (var item in events) call.Output.Write(item.Json, _ => { }, oneLine: true);
        else Table(events.Select(item => item.Value)).Write(call.Result.InvocationConfiguration.Output);
        return ExitCodes.Done;
    }

    /// <summary>A head that goes and comes back is waited for; no event is shown twice.</summary>
    private static async Task<int> FollowAsync(OperatorCall call, DateTimeOffset from)
    {
        var last = 0L;
        return await call.WaitAsync(
            async () =>
            {
                await foreach (var item in call.Client.EventsAsync(last, follow: true, call.Cancellation))
                {
                    last = item.Value.Id;
                    if (item.Value.Time >= from) Show(call, item);
                }

                throw new IOException("the stream of events ended");
            },
            null);
    }

    private static void Show(OperatorCall call, AdminAnswer<GridEventView> item) => call.Output.Write(
        item.Json,
        output =>
            output.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
                $"{item.Value.Time.UtcDateTime:u}  {item.Value.Type,-7}  {item.Value.Reason,-16}  {item.Value.Object,-16}  "
                + $"{item.Value.Message} ({item.Value.Actor})")),
        oneLine: true);
}
