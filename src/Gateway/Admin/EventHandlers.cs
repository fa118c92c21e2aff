using System.Text.Json.Nodes;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Http;

namespace Grid.Gateway.Admin;

/// <summary>Events, one JSON document a line.</summary>
internal static class EventHandlers
{
    private const int Page = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    public static async Task ListAsync(AdminCall call)
    {
        var since = call.Number("since", 0);
        var follow = call.Switch("follow");
        // The first page decides the status: what fails later can only end the stream.
        var page = await call.Grid.GetEvents(since, Page);
        call.Http.Response.ContentType = "application/x-ndjson; charset=utf-8";
        await call.Http.Response.Body.FlushAsync(call.Aborted);
        using var timer = new PeriodicTimer(Interval, call.Options.Time);
        try
        {
            while (true)
            {
                foreach (var item in page)
                {
                    since = Math.Max(since, item.Id);
                    await call.Http.Response.WriteAsync(Line(item), call.Aborted);
                }

                if (page.Length > 0) await call.Http.Response.Body.FlushAsync(call.Aborted);
                if (page.Length < Page && !follow) return;
                if (page.Length < Page) await timer.WaitForNextTickAsync(call.Aborted);
                page = await NextAsync(call, since);
            }
        }
        catch (OperationCanceledException) when (call.Aborted.IsCancellationRequested)
        {
            // The reader has gone.
        }
    }

    private static string Line(GridEventView item) => ((JsonNode)AdminJson.Document("Event", item)).ToJsonString(AdminJson.Form) + "\n";

    /// <summary>A follower stays connected while the store is unreachable.</summary>
    private static async Task<GridEventView[]> NextAsync(AdminCall call, long since)
    {
        try
        {
            return call.Options.Grid() is { } grid ? await grid.GetEvents(since, Page) : [];
        }
        catch (Exception fault) when (AdminGuard.IsUnreachable(fault))
        {
            return [];
        }
    }
}
