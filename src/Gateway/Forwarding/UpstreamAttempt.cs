using System.Net;
using Grid.Gateway.Routing;
using Grid.Gateway.Telemetry;
using Grid.Hosting.Http;

namespace Grid.Gateway.Forwarding;

/// <summary>One attempt of a request at one rank: sends it, and brings what comes to the client, event by event.</summary>
internal sealed class UpstreamAttempt(
    RelayState state, Dispatch dispatch, ClientAnswer answer, HttpMessageInvoker http, GatewayInstruments instruments, TimeProvider timeProvider) : IDisposable
{
    private const int MaxReason = 512;

    private readonly ProgressReader _progress = new();
    private readonly EventBuffer _events = new();
    private bool _handedOver;
    private bool _complete;
    private bool _hasFault;
    private bool _hasFirst;

    private RankState Rank => dispatch.Rank;

    /// <summary>When the last event before this attempt was committed, where the request goes on; for the gap.</summary>
    public long? ResumedSince { get; init; }

    /// <summary>When the last event was committed.</summary>
    public long? LastCommit { get; private set; }

    /// <param name="stallTimeout">Nothing for so long is a loss.</param>
    /// <param name="cancellationToken">The client has gone, or the gateway stops.</param>
    /// <exception cref="OperationCanceledException">By the token.</exception>
    public async Task<UpstreamEnd> RunAsync(TimeSpan stallTimeout, CancellationToken cancellationToken)
    {
        using var stall = new StallTimer(stallTimeout, timeProvider, cancellationToken);
        try
        {
            using var request = UpstreamRequest.Create(state, Rank);
            using var response = await http.SendAsync(request, stall.Token);
            stall.Rewind();
            if (response.StatusCode != HttpStatusCode.OK) return await RefusedAsync(response, stall, cancellationToken);
            await using var stream = await response.Content.ReadAsStreamAsync(stall.Token);
            return await ReadAsync(stream, stall, cancellationToken);
        }
        catch (HttpRequestException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
                ? UpstreamEnd.Refused
                : UpstreamEnd.Broken;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException && !cancellationToken.IsCancellationRequested)
        {
            return UpstreamEnd.Broken;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A connect that takes too long is cancelled by the handler.
            return stall.HasStalled ? UpstreamEnd.Stalled : UpstreamEnd.Refused;
        }
    }

    public void Dispose()
    {
        _progress.Dispose();
        _events.Dispose();
    }

    private async Task<UpstreamEnd> RefusedAsync(HttpResponseMessage response, StallTimer stall, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status409Conflict or StatusCodes.Status429TooManyRequests) return UpstreamEnd.Refused;
        if (status >= StatusCodes.Status500InternalServerError) Rank.Health.Failed();
        if (state.IsBegun) throw await ResumeRefusedAsync(response, stall);
        stall.Pause();
        await answer.CopyAsync(response, Rank, cancellationToken);
        return UpstreamEnd.Complete;
    }

    // The rank took the request once, so this is a fault of ours, and trying on would only repeat it.
    private async Task<ApiException> ResumeRefusedAsync(HttpResponseMessage response, StallTimer stall)
    {
        var text = await response.Content.ReadAsStringAsync(stall.Token);
        return new ApiException(
            StatusCodes.Status500InternalServerError, $"The rank {Rank.Id} refused to go on with the request ({(int)response.StatusCode}): {(text.Length <= MaxReason ? text : text[..MaxReason])}", code: "resume_failed");
    }

    private async Task<UpstreamEnd> ReadAsync(Stream stream, StallTimer stall, CancellationToken cancellationToken)
    {
        while (true)
        {
            var count = await stream.ReadAsync(_events.Free(), stall.Token);
            if (count == 0) return _handedOver ? UpstreamEnd.HandedOver : UpstreamEnd.Broken;
            _events.Advance(count);
            var hasWritten = false;
            while (!_complete && !_hasFault && !_handedOver && _events.TryTake(out var taken))
            {
                var data = Commit(taken);
                if (data.IsEmpty) continue;
                if (!answer.IsStream)
                {
                    stall.Pause();
                    await answer.WriteJsonAsync(data, IsError(data.Span) ? ClientAnswer.StatusOf(data.Span) : StatusCodes.Status200OK, Rank, cancellationToken);
                    return UpstreamEnd.Complete;
                }

                answer.WriteEvent(data.Span, Rank);
                hasWritten = true;
            }

            if (hasWritten) await FlushAsync(stall, cancellationToken);
            if (_complete) return UpstreamEnd.Complete;
            if (_handedOver) return UpstreamEnd.HandedOver;
            if (_hasFault) return UpstreamEnd.Broken;
            stall.Rewind();
        }
    }

    private async ValueTask FlushAsync(StallTimer stall, CancellationToken cancellationToken)
    {
        var flush = answer.FlushAsync(cancellationToken);
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
        for (var rest = taken; !rest.IsEmpty;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.Span.StartsWith("data: "u8)) data = line["data: ".Length..];
            else if (line.Span.StartsWith(": grid "u8)) hasProgress = TryReadProgress(line.Span[": grid ".Length..]);
        }

        if (_hasFault || _handedOver) return default;
        if (hasProgress && !state.TryApply(_progress, hasData: !data.IsEmpty))
        {
            _hasFault = true;
            return default;
        }

        if (hasProgress || !data.IsEmpty) Committed();
        // An error is an end; where the request does not stream, so is any data.
        _complete = !data.IsEmpty && (!answer.IsStream || data.Span.SequenceEqual("[DONE]"u8) || IsError(data.Span));
        return data;
    }

    private bool TryReadProgress(ReadOnlySpan<byte> json)
    {
        _hasFault |= !_progress.TryRead(json);
        // What a hand-over tells beside its reason may be ahead of what was sent.
        _handedOver |= _progress.HandOver is not null;
        return !_hasFault && !_handedOver;
    }

    private void Committed()
    {
        LastCommit = timeProvider.GetTimestamp();
        if (_hasFirst) return;
        _hasFirst = true;
        dispatch.Started();
        Rank.Health.Succeeded();
        if (ResumedSince is { } since) instruments.Gap(state.Head.Model!, timeProvider.GetElapsedTime(since, LastCommit.Value));
        if (!state.IsBegun && _progress.CachedTokens is { } cached)
        {
            Rank.Prefixes.Correct(dispatch.ExpectedBlocks, cached);
            instruments.PrefixFound(state.Head.Model!, state.Head.PromptTokens, cached);
        }

        if (!state.IsBegun) state.Origin = Rank;
        state.IsBegun = true;
    }
}
