using System.Net;
using Grid.Abstractions.Http;
using Grid.Gateway.Ranks;
using Grid.Gateway.Telemetry;

namespace Grid.Gateway.Forwarding;

/// <summary>One attempt of a generation at one rank: sends the request, and passes what comes on to the client, event by event.</summary>
internal sealed class UpstreamAttempt : IDisposable
{
    private readonly GatewayRequest _request;
    private readonly Dispatch _dispatch;
    private readonly HttpMessageInvoker _http;
    private readonly GatewayInstruments _instruments;
    private readonly TimeProvider _timeProvider;
    private readonly ProgressReader _progress = new();
    private readonly EventBuffer _events = new();
    private readonly long? _resumedSince;
    private AttemptState _state;

    public UpstreamAttempt(GatewayRequest request, HttpMessageInvoker http, GatewayInstruments instruments, TimeProvider timeProvider)
    {
        (_request, _http, _instruments, _timeProvider) = (request, http, instruments, timeProvider);
        (_dispatch, _resumedSince) = (request.Dispatch!, request.LastCommit);
    }

    private enum AttemptState
    {
        /// <summary>No event is committed yet.</summary>
        Waiting,

        /// <summary>Events come.</summary>
        Streaming,

        /// <summary>The last event is committed.</summary>
        Complete,

        /// <summary>The rank gives the request up.</summary>
        HandedOver,

        /// <summary>The rank sent what cannot be.</summary>
        Malformed,
    }

    /// <summary>Called at the first committed event.</summary>
    public required Action Succeeded { get; init; }

    private RankState Rank => _dispatch.Rank;

    private bool IsOpen => _state is AttemptState.Waiting or AttemptState.Streaming;

    /// <summary>Runs to the end of the attempt.</summary>
    /// <param name="stallTimeout">Time without any byte after which the rank counts as stalled.</param>
    /// <param name="cancellationToken">Cancelled when the client has disconnected, or the gateway stops.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<AttemptResult> RunAsync(TimeSpan stallTimeout, CancellationToken cancellationToken)
    {
        using var stall = new StallTimer(stallTimeout, _timeProvider, cancellationToken);
        try
        {
            using var message = UpstreamRequest.Create(_request, Rank);
            using var response = await _http.SendAsync(message, stall.Token);
            stall.Rewind();
            if (response.StatusCode != HttpStatusCode.OK) return await RefusedAsync(response, stall, cancellationToken);
            await using var stream = await response.Content.ReadAsStreamAsync(stall.Token);
            return await ReadAsync(stream, stall, cancellationToken);
        }
        catch (ClientGoneException)
        {
            return AttemptResult.ClientGone;
        }
        catch (HttpRequestException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return UpstreamHttp.IsConnectFailure(exception) ? AttemptResult.Refused : AttemptResult.Broken;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException && !cancellationToken.IsCancellationRequested)
        {
            return AttemptResult.Broken;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A connect that takes too long is cancelled by the handler.
            return stall.HasStalled ? AttemptResult.Stalled : AttemptResult.Refused;
        }
    }

    public void Dispose()
    {
        _progress.Dispose();
        _events.Dispose();
    }

    private async Task<AttemptResult> RefusedAsync(HttpResponseMessage response, StallTimer stall, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (SideRouteMiddleware.RefusalOf(status) is { } refusal) return refusal;
        if (_request.IsBegun)
        {
            _request.Error = Refusals.ResumeRefused(Rank.Id, status, await response.Content.ReadAsStringAsync(stall.Token));
        }
        else
        {
            stall.Pause();
            await _request.Response.CopyAsync(response, Rank, cancellationToken);
        }

        return status >= StatusCodes.Status500InternalServerError ? AttemptResult.Failed : AttemptResult.Complete;
    }

    private async Task<AttemptResult> ReadAsync(Stream stream, StallTimer stall, CancellationToken cancellationToken)
    {
        var client = _request.Response;
        while (true)
        {
            var count = await stream.ReadAsync(_events.Free(), stall.Token);
            if (count == 0) return AttemptResult.Broken;
            _events.Advance(count);
            var hasWritten = false;
            while (IsOpen && _events.TryTake(out var taken))
            {
                var data = Commit(taken);
                if (data.IsEmpty) continue;
                if (!client.IsStream)
                {
                    stall.Pause();
                    var status = IsError(data.Span) ? ClientResponse.StatusOf(data.Span) : StatusCodes.Status200OK;
                    await client.WriteJsonAsync(data, status, Rank, cancellationToken);
                    return AttemptResult.Complete;
                }

                client.WriteEvent(data.Span, Rank);
                hasWritten = true;
            }

            if (hasWritten) await FlushAsync(stall, cancellationToken);
            switch (_state)
            {
                case AttemptState.Complete: return AttemptResult.Complete;
                case AttemptState.HandedOver: return AttemptResult.HandedOver;
                case AttemptState.Malformed: return AttemptResult.Broken;
            }

            stall.Rewind();
        }
    }

    private async ValueTask FlushAsync(StallTimer stall, CancellationToken cancellationToken)
    {
        var flush = _request.Response.FlushAsync(cancellationToken);
        if (flush.IsCompletedSuccessfully) return;
        stall.Pause();
        await flush;
        stall.Resume();
    }

    private static bool IsError(ReadOnlySpan<byte> data) => data.StartsWith("{\"error\""u8);

    /// <summary>Takes a whole event in.</summary>
    /// <returns>Its data, which is the client's; empty where it has none.</returns>
    private ReadOnlyMemory<byte> Commit(ReadOnlyMemory<byte> taken)
    {
        ReadOnlyMemory<byte> data = default;
        var hasProgress = false;
        for (var rest = taken; !rest.IsEmpty && IsOpen;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.Span.StartsWith("data: "u8)) data = line["data: ".Length..];
            else if (line.Span.StartsWith(": grid "u8)) hasProgress = TryReadProgress(line.Span[": grid ".Length..]);
        }

        if (hasProgress && !_request.TryApply(_progress, hasData: !data.IsEmpty)) _state = AttemptState.Malformed;
        if (!IsOpen) return default;
        if (hasProgress || !data.IsEmpty) Committed();
        // An error is an end; where the request does not stream, so is any data.
        if (!data.IsEmpty && (!_request.Response.IsStream || data.Span.SequenceEqual("[DONE]"u8) || IsError(data.Span)))
            _state = AttemptState.Complete;
        return data;
    }

    private bool TryReadProgress(ReadOnlySpan<byte> json)
    {
        if (!_progress.TryRead(json)) _state = AttemptState.Malformed;
        // What a hand-over carries beside its reason may be ahead of what was sent.
        else if (_progress.HandOver is not null) _state = AttemptState.HandedOver;
        return IsOpen;
    }

    private void Committed()
    {
        var now = _timeProvider.GetTimestamp();
        if (_state == AttemptState.Waiting)
        {
            _state = AttemptState.Streaming;
            First(now);
        }

        _request.Committed(now, Rank);
    }

    private void First(long now)
    {
        _dispatch.Started();
        Succeeded();
        if (_resumedSince is { } since) _instruments.Gap(_request.Model, _timeProvider.GetElapsedTime(since, now));
        if (_request.IsBegun || _progress.CachedTokens is not { } cached) return;
        Rank.Prefixes.Correct(_dispatch.ExpectedBlocks, cached);
        _instruments.PrefixFound(_request.Model, _request.PromptTokens, cached);
    }
}
