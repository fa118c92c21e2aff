using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.Cli.Tests.Pull;

/// <summary>Plays the hub: small files itself, large ones by a redirect to a second origin.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly Dictionary<string, byte[]> _files = [];
    private readonly HashSet<string> _large = [];
    private readonly WebApplication _hub;
    private readonly WebApplication _store;

    private FakeHub()
    {
        _hub = Create();
        _store = Create();
        _hub.MapGet("/api/models/{org}/{name}/revision/{revision}", (HttpContext context) => Answer(context, () => Results.Json(new
        {
            sha = Commit,
            siblings = _files.Keys.Select(file => new { rfilename = file }),
        })));
        _hub.MapMethods("/{org}/{name}/resolve/{commit}/{**file}", ["GET", "HEAD"],
            (HttpContext context, string file) => Answer(context, () => Resolve(context, file)));
        _store.MapGet("/{**file}", (HttpContext context, string file) => SendAsync(context, file));
    }

    /// <summary>Requests in order: origin, method, path, whether a token came along, first byte asked for.</summary>
    public ConcurrentQueue<(string Origin, string Method, string Path, bool Token, long From)> Requests { get; } = [];

    public Uri Address => new(AddressOf(_hub) + "/");

    /// <summary>Answers every request with this, where set.</summary>
    public int? Refusal { get; set; }

    /// <summary>After how many bytes the store's next answers break off; each is used once.</summary>
    public ConcurrentQueue<int> Breaks { get; } = [];

    /// <summary>Whether the store answers ranges.</summary>
    public bool Ranges { get; set; } = true;

    /// <summary>Changes what the store sends of a file.</summary>
    public Func<byte[], byte[]> Tamper { get; set; } = bytes => bytes;

    public static async Task<FakeHub> StartAsync()
    {
        var hub = new FakeHub();
        await hub._hub.StartAsync();
        await hub._store.StartAsync();
        return hub;
    }

    public byte[] Add(string name, byte[] content, bool large = false)
    {
        _files[name] = content;
        if (large) _large.Add(name);
        return content;
    }

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static WebApplication Create()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    private static string AddressOf(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

#pragma warning disable CA5350 // Git's own checksum.
    private static string GitSha1(byte[] content) =>
        Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
#pragma warning restore CA5350

    private void Record(string origin, HttpContext context)
    {
        var from = context.Request.GetTypedHeaders().Range?.Ranges.First().From ?? 0;
        Requests.Enqueue(
            (origin, context.Request.Method, context.Request.Path, context.Request.Headers.ContainsKey("Authorization"), from));
    }

    private IResult Answer(HttpContext context, Func<IResult> answer)
    {
        Record("hub", context);
        return Refusal is { } status ? Results.StatusCode(status) : answer();
    }

    private IResult Resolve(HttpContext context, string file)
    {
        if (!_files.TryGetValue(file, out var content)) return Results.NotFound();
        context.Response.Headers["X-Repo-Commit"] = Commit;
        if (_large.Contains(file))
        {
            context.Response.Headers["X-Linked-ETag"] = $"\"{Sha256(content)}\"";
            context.Response.Headers["X-Linked-Size"] = $"{content.Length}";
            return Results.Redirect($"{AddressOf(_store)}/{file}");
        }

        return Results.File(content, "application/octet-stream",
            entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{GitSha1(content)}\""));
    }

    private async Task SendAsync(HttpContext context, string file)
    {
        Record("store", context);
        var content = Tamper(_files[file]);
        var from = Ranges ? (int)(context.Request.GetTypedHeaders().Range?.Ranges.First().From ?? 0) : 0;
        if (from > 0)
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }

        context.Response.ContentLength = content.Length - from;
        var sent = Breaks.TryDequeue(out var limit) ? Math.Min(limit, content.Length - from) : content.Length - from;
        await context.Response.Body.WriteAsync(content.AsMemory(from, sent));
        await context.Response.Body.FlushAsync();
        if (sent < content.Length - from) context.Abort();
    }
}
