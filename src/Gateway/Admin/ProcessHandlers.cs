using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grid.Abstractions.Events;
using Grid.Abstractions.Http;
using Grid.Primitives.Units;

namespace Grid.Gateway.Admin;

/// <summary>This process: join tokens, its log, its shutdown.</summary>
internal static class ProcessHandlers
{
    private const int DefaultTail = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    public static async Task TokenAsync(AdminCall call)
    {
        var text = await call.ReadAsync();
        var body = text.Length == 0 ? null : JsonSerializer.Deserialize<TokenBody>(text, AdminJson.Form);
        if (body?.Uses is < 1) throw AdminException.Invalid($"uses must be at least 1; got {body.Uses}.");
        var ttl = Ttl(body?.Ttl);
        var maker = call.Options.Tokens
            ?? throw AdminException.NotSupported("Only the head of a grid creates join tokens (grid up --head).");
        var token = maker(ttl, body?.Uses);
        // Not awaited: a token is needed to get the first silo too, when no grain can record it.
        if (call.Options.Grid() is { } grid)
            _ = grid.Record(EventTypes.Normal, EventReasons.TokenCreated, EventSubjects.Grid, body?.Uses switch
            {
                null => "join token created for any number of uses",
                1 => "join token created for 1 use",
                var uses => string.Create(CultureInfo.InvariantCulture, $"join token created for {uses} uses"),
            }, call.Actor);
        await call.WriteAsync(new JsonObject { ["apiVersion"] = AdminJson.ApiVersion, ["kind"] = "Token", ["token"] = token });
    }

    public static async Task ListTokensAsync(AdminCall call)
    {
        var list = call.Options.ListTokens ?? throw AdminException.NotSupported("Only the head of a grid has join tokens.");
        await call.WriteAsync(AdminJson.List("JoinToken", list()));
    }

    public static async Task RevokeTokenAsync(AdminCall call)
    {
        var revoke = call.Options.RevokeToken ?? throw AdminException.NotSupported("Only the head of a grid has join tokens.");
        var id = call.Route("id");
        if (!revoke(id)) throw AdminException.NotFound($"No join token '{id}'.");
        if (call.Options.Grid() is { } grid)
            _ = grid.Record(
                EventTypes.Normal, EventReasons.TokenRevoked, EventSubjects.Grid, $"join token {id} revoked", call.Actor);
        await call.WriteAsync(AdminJson.Document("JoinToken", call.Options.ListTokens!().Single(token => token.Id == id)));
    }

    public static async Task LogsAsync(AdminCall call)
    {
        var log = call.Options.Log ?? throw AdminException.NotSupported("This process keeps no log lines; see its stderr.");
        var (lines, position) = log.Read(0, (int)Math.Min(call.Number("tail", DefaultTail), int.MaxValue));
        var follow = call.Switch("follow");
        call.Http.Response.ContentType = "text/plain; charset=utf-8";
        await call.Http.Response.Body.FlushAsync(call.Aborted);
        using var timer = new PeriodicTimer(Interval, call.Options.Time);
        try
        {
            while (true)
            {
                foreach (var line in lines) await call.Http.Response.WriteAsync(line + "\n", call.Aborted);
                if (lines.Length > 0) await call.Http.Response.Body.FlushAsync(call.Aborted);
                if (!follow) return;
                await timer.WaitForNextTickAsync(call.Aborted);
                (lines, position) = log.Read(position, int.MaxValue);
            }
        }
        catch (OperationCanceledException) when (call.Aborted.IsCancellationRequested)
        {
            // The reader has gone.
        }
    }

    public static async Task ShutdownAsync(AdminCall call)
    {
        var shutdown = call.Options.Shutdown
            ?? throw AdminException.NotSupported("This process cannot be shut down here: send it SIGTERM.");
        await call.WriteAsync(
            new JsonObject { ["apiVersion"] = AdminJson.ApiVersion, ["kind"] = "Shutdown", ["pid"] = Environment.ProcessId },
            StatusCodes.Status202Accepted);
        await call.Http.Response.CompleteAsync();
        shutdown();
    }

    /// <summary>A duration as people write it, or a number of seconds.</summary>
    private static TimeSpan? Ttl(JsonElement? given)
    {
        switch (given?.ValueKind)
        {
            case null or JsonValueKind.Null or JsonValueKind.Undefined: return null;
            case JsonValueKind.Number when given.Value.TryGetDouble(out var seconds) && seconds is > 0 and < int.MaxValue:
                return TimeSpan.FromSeconds(seconds);
            case JsonValueKind.String when Duration.TryParse(given.Value.GetString(), out var ttl) && ttl > TimeSpan.Zero: return ttl;
            default: throw AdminException.Invalid($"ttl must be {Duration.Rule}; got {given.Value.GetRawText()}.");
        }
    }

    private sealed record TokenBody(JsonElement? Ttl, int? Uses);
}
