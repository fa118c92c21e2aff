using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Grid.Abstractions;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Pull;

/// <summary>The hub's HTTP API. Redirects are followed here, so that the token stays with the hub's own origin.</summary>
/// <param name="http">Must not follow redirects itself.</param>
/// <param name="endpoint">The base URL of the hub.</param>
/// <param name="token">The token, which is sent only to the hub's origin; null for none.</param>
internal sealed class HubClient(HttpClient http, Uri endpoint, string? token)
{
    private const int MaxRedirects = 10;

    /// <summary>A client without redirects, cookies and compression; the caller sets time limits.</summary>
    public static HttpClient CreateHttp() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(10) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue("grid", GridVersion.Text) } },
        };

    /// <summary>The commit of a revision and the files it holds.</summary>
    public async Task<(string Commit, IReadOnlyList<string> Files)> GetRevisionAsync(string repository, string revision,
        CancellationToken cancellation)
    {
        var address = new Uri(endpoint, $"api/models/{repository}/revision/{Uri.EscapeDataString(revision)}");
        using var response = await SendAsync(HttpMethod.Get, address, null, stopAtMetadata: false, cancellation);
        Check(response, $"{repository} at revision {revision}");
        try
        {
            using var body = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), default, cancellation);
            var files = body.RootElement.GetProperty("siblings").EnumerateArray()
                .Select(file => HubNames.File(file.GetProperty("rfilename").GetString()!)).ToArray();
            return (HubNames.Segment("a commit", body.RootElement.GetProperty("sha").GetString()!), files);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CommandException($"{address} returned something that is not a model description: {fault.Message}", ExitCodes.Failed,
                fault);
        }
    }

    /// <summary>A file's checksum and size, from the first answer that carries them.</summary>
    public async Task<HubFile> GetFileAsync(string repository, string commit, string name, CancellationToken cancellation)
    {
        using var response = await SendMetadataAsync(AddressOf(repository, commit, name), cancellation);
        if (!IsRedirect(response)) Check(response, $"{name} of {repository}");
        var etag = (Header(response, "X-Linked-ETag") ?? Header(response, "ETag"))?.Replace("W/", "", StringComparison.Ordinal).Trim('"')
            ?? throw new CommandException($"The hub sent no ETag for {name} of {repository}, so its checksum is unknown.",
            ExitCodes.Failed);
        var size = long.TryParse(Header(response, "X-Linked-Size"), out var linked)
            ? linked
            : IsRedirect(response) || response.Content.Headers.ContentLength is 0 ? null : response.Content.Headers.ContentLength;
        return new HubFile(name, HubNames.Segment($"the etag of {name}", etag), size);
    }

    /// <summary>A file's bytes from an offset on; the answer is 206 where the server can do that, else 200 with all of them.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string repository, string commit, string name, long offset,
        CancellationToken cancellation)
    {
        var response = await SendAsync(HttpMethod.Get, AddressOf(repository, commit, name), offset, stopAtMetadata: false, cancellation);
        if (response.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable) Check(response, $"{name} of {repository}");
        return response;
    }

    private static void Check(HttpResponseMessage response, string what)
    {
        if (response.IsSuccessStatusCode) return;
        var status = (int)response.StatusCode;
        var said = Header(response, "X-Error-Message") is { } message ? $" The hub says: {message}" : "";
        response.Dispose();
        throw status switch
        {
            401 or 403 =>
                new CommandException($"The hub refuses {what} ({status}): it does not exist or needs a token with access (HF_TOKEN).{said}",
                ExitCodes.Unauthorized),
            404 => new CommandException($"The hub has no {what} (404).{said}", ExitCodes.NotFound),
            429 or >= 500 => new HttpRequestException($"The hub returned {status} for {what}.{said}", null, response.StatusCode),
            _ => new CommandException($"The hub returned {status} for {what}.{said}", ExitCodes.Failed),
        };
    }

    private static bool IsRedirect(HttpResponseMessage response) => (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? values.First()
            : null;

    private Uri AddressOf(string repository, string commit, string name) =>
        new(endpoint, $"{repository}/resolve/{commit}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}");

    private async Task<HttpResponseMessage> SendMetadataAsync(Uri address, CancellationToken cancellation)
    {
        var response = await SendAsync(HttpMethod.Head, address, null, stopAtMetadata: true, cancellation);
        if (response.StatusCode is not (HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)) return response;
        response.Dispose();
        return await SendAsync(HttpMethod.Get, address, null, stopAtMetadata: true, cancellation);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, long? offset, bool stopAtMetadata,
        CancellationToken cancellation)
    {
        for (var hop = 0; hop <= MaxRedirects; hop++)
        {
            using var request = new HttpRequestMessage(method, address);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            if (token is not null && IsHub(address)) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (offset > 0) request.Headers.Range = new RangeHeaderValue(offset, null);
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!IsRedirect(response) || response.Headers.Location is not { } target
                || (stopAtMetadata && Header(response, "X-Linked-ETag") is not null)) return response;
            response.Dispose();
            address = new Uri(address, target);
        }

        throw new CommandException($"{address} redirects more than {MaxRedirects} times.", ExitCodes.Failed);
    }

    private bool IsHub(Uri address) =>
        Uri.Compare(address, endpoint, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
