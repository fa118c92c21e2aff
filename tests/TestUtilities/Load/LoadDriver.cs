using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Text;

namespace Grid.TestUtilities.Load;

/// <summary>Keeps a number of requests open at gateways and compares each answer with that of the unbroken run.</summary>
public sealed class LoadDriver : IAsyncDisposable
{
    private const string NodeHeader = "X-Grid-Node";

    private readonly LoadSettings _settings;
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout =
        System.Threading.Timeout.InfiniteTimeSpan
    };
    private readonly ConcurrentQueue<LoadOutcome> _outcomes = [];
    private readonly ConcurrentDictionary<LoadAnswer, OpenStream> _open = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Task[] _workers;
    private volatile bool _stopping;
    private int _sent;

    private LoadDriver(LoadSettings settings, int limit)
    {
        _settings = settings;
        _workers = [.. Enumerable.Range(0, settings.Concurrency).Select(_ => Task.Run(() => WorkAsync(limit)))];
    }

    /// <summary>Requests that are open at any time.</summary>
    public int Concurrency => _settings.Concurrency;

    /// <summary>Requests sent so far.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Streams that have begun and not ended.</summary>
    public int Streaming => _open.Count;

    /// <summary>Answers that came so far.</summary>
    public IReadOnlyCollection<LoadOutcome> Outcomes => _outcomes;

    /// <summary>
    /// Streams that began at a node and have between a quarter and three quarters of their tokens: what befalls the node now befalls them.
    /// </summary>
    public int Midway(string node) => _open.Values.Count(stream => stream.Node == node && stream.IsMidway);

    /// <summary>Begins; goes on until it is stopped.</summary>
    public static LoadDriver Start(LoadSettings settings) => new(settings, int.MaxValue);

    /// <summary>Sends requests 0 to count - 1.</summary>
    public static async Task<LoadReport> RunAsync(LoadSettings settings, int count)
    {
        await using var driver = new LoadDriver(settings, count);
        await Task.WhenAll(driver._workers);
        return driver.Report();
    }

    /// <summary>Sends no new request and waits for the open ones.</summary>
    public async Task<LoadReport> StopAsync()
    {
        _stopping = true;
        await Task.WhenAll(_workers);
        return Report();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _http.CancelPendingRequests();
        await Task.WhenAll(_workers);
        _http.Dispose();
    }

    private LoadReport Report() => new([.. _outcomes], Sent, _clock.Elapsed);

    private async Task WorkAsync(int limit)
    {
        while (!_stopping && Interlocked.Increment(ref _sent) - 1 is var number)
        {
            if (number >= limit)
            {
                Interlocked.Decrement(ref _sent);
                return;
            }

            var request = _settings.Requests(number);
            LoadOutcome outcome;
            var tries = 0;
            do outcome = await TryAsync(number, request, ++tries);
            while (outcome.Fault is not null && tries < _settings.Tries && !_stopping);
            _outcomes.Enqueue(outcome);
        }
    }

    private async Task<LoadOutcome> TryAsync(int number, LoadRequest request, int tries)
    {
        var gateway = _settings.Gateways[(number + tries) % _settings.Gateways.Count];
        var answer = new LoadAnswer();
        var times = new EventTimes();
        string? fault;
        try
        {
            using var limit = new CancellationTokenSource(_settings.Timeout);
            fault = await SendAsync(new Uri(gateway, request.Path), request, answer, times, limit.Token) ?? answer.Check(request.Expected);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException or System.Text.Json.JsonException)
        {
            fault = $"{exception.GetType().Name}: {exception.Message}";
        }
        finally
        {
            _open.TryRemove(answer, out _);
        }

        return new LoadOutcome(number, fault, tries, times.First, times.Longest, request.IsStream,
            fault is null ? answer.ToExpected() : null);
    }

    private async Task<string?> SendAsync(Uri uri, LoadRequest request, LoadAnswer answer, EventTimes times, CancellationToken cancellation)
    {
        using var message =
            new HttpRequestMessage(HttpMethod.Post, uri) { Content = new StringContent(request.Body, Encoding.UTF8, "application/json") };
        using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!response.IsSuccessStatusCode) return $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}";
        if (!request.IsStream)
        {
            answer.Add(await response.Content.ReadAsStringAsync(cancellation), isStream: false);
            return null;
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation))
        {
            if (times.Note()) _open[answer] = new OpenStream(Node(response), answer, request.Expected);
            answer.Add(item.Data, isStream: true);
        }

        return null;
    }

    private static string Node(HttpResponseMessage response) =>
        response.Headers.TryGetValues(NodeHeader, out var nodes) ? nodes.First() : "";
}
