using System.Text;
using Microsoft.AspNetCore.Builder;

namespace Grid.Hosting.Http;

/// <summary>Brings requests into the one form that routes match, before routing.</summary>
public static class RequestForm
{
    /// <summary>
    /// HEAD is answered wherever GET is, without a body (RFC 9110, 9.3.2), and doubled or trailing slashes of a path do not count: base
    /// URLs are often given with one.
    /// </summary>
    public static IApplicationBuilder UseRequestForm(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var request = context.Request;
        // The server keeps the method that was sent and writes no body.
        if (HttpMethods.IsHead(request.Method)) request.Method = HttpMethods.Get;
        if (request.Path.Value is { Length: > 1 } path && (path[^1] == '/' || path.Contains("//", StringComparison.Ordinal)))
            request.Path = Clean(path);
        return next(context);
    });

    private static string Clean(string path)
    {
        var clean = new StringBuilder(path.Length);
        foreach (var letter in path)
            if (letter != '/' || clean.Length == 0 || clean[^1] != '/') clean.Append(letter);
        if (clean.Length > 1 && clean[^1] == '/') clean.Length--;
        return clean.ToString();
    }
}
