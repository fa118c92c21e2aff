using System.Text;
using System.Text.Json.Nodes;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Grains;
using Grid.Abstractions.Http;

namespace Grid.Gateway.Admin;

/// <summary>One request of the admin API.</summary>
/// <param name="options">What the API works with.</param>
internal sealed class AdminCall(HttpContext http, AdminOptions options)
{
    private const int MaxBody = 4 << 20;
    private const int MaxActor = 64;

    public HttpContext Http => http;

    public AdminOptions Options => options;

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>The grid's grain.</summary>
    /// <exception cref="AdminException">The cluster cannot be reached (503).</exception>
    public IGridGrain Grid => options.Grid() ?? throw AdminException.Unreachable("The cluster is unreachable.");

    /// <summary>The name of the caller for events, as the client gives it.</summary>
    public string Actor =>
        http.Request.Headers["X-Grid-Actor"].ToString() is { Length: > 0 and <= MaxActor } actor && !actor.Any(char.IsControl)
            ? actor
            : "admin";

    /// <summary>A named part of the path, decoded once.</summary>
    public string Route(string name) => PathSegment.Read(http, name);

    public string? Query(string name) => http.Request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>A query that is true or false.</summary>
    /// <exception cref="AdminException">It is neither (400).</exception>
    public bool Switch(string name) => Query(name) switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw AdminException.Invalid($"{name} must be true or false; got '{other}'."),
    };

    /// <summary>A query that is a whole number of at least 0.</summary>
    /// <exception cref="AdminException">It is not (400).</exception>
    public long Number(string name, long fallback)
    {
        if (Query(name) is not { } text) return fallback;
        return long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value)
            ? value : throw AdminException.Invalid($"{name} must be a whole number of at least 0; got '{text}'.");
    }

    /// <summary>The body as text.</summary>
    /// <exception cref="AdminException">It is too large (413).</exception>
    public async Task<string> ReadAsync()
    {
        var buffer = new MemoryStream();
        var chunk = new byte[16 << 10];
        for (int read; (read = await http.Request.Body.ReadAsync(chunk, Aborted)) > 0;)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaxBody)
                throw new AdminException(
                    new AdminFault(StatusCodes.Status413PayloadTooLarge, "invalid", $"The body must be at most {MaxBody} bytes.", []));
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Answers with a document.</summary>
    public Task WriteAsync(JsonNode document, int status = StatusCodes.Status200OK) =>
        WriteAsync(document.ToJsonString(AdminJson.Form), "application/json", status);

    /// <summary>Answers with a text.</summary>
    public Task WriteAsync(string text, string type, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type + "; charset=utf-8";
        return http.Response.WriteAsync(text, Aborted);
    }

    /// <summary>The value of a result.</summary>
    /// <exception cref="AdminException">It is a refusal.</exception>
    public static T Unwrap<T>(AdminResult<T> result)
        where T : class => result.Value ?? throw new AdminException(result.Fault!);
}
