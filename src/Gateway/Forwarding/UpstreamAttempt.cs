using System.Buffers.Text;
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
    private readonly int _number;
    private StreamWatch? _watch;
    private CancellationTokenSource? _end;
    private volatile bool _isSuperseded;
    private AttemptState _state;

    public UpstreamAttempt(GatewayRequest request, HttpMessageInvoker http, GatewayInstruments instruments, TimeProvider timeProvider)
    {
        (_request, _http, _instruments, _timeProvider) = (request, http, instruments, timeProvider);
        (_dispatch, _resumedSince, _number) = (request.Dispatch!, request.LastCommit, request.Attempt);
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

    public RankState Rank => _dispatch.Rank;

    private bool IsOpen => _state is AttemptState.Waiting or AttemptState.Streaming;

    /// <summary>What comes from the rank until the attempt's end; it runs on where the attempt is parked.</summary>
    public Task<AttemptResult> Pump { get; private set; } = Task.FromResult(AttemptResult.Refused);

    /// <summary>Whether the rank is suspected, and the attempt runs on beside later ones.</summary>
    public bool IsParked { get; private set; }

    /// <summary>Runs to the end of the attempt, or until another rank is to be asked too.</summary>
    /// <param name="watch">When that is.</param>
    /// <param name="cancellationToken">Cancelled when the client has disconnected, or the gateway stops.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<AttemptResult> RunAsync(StreamWatchOptions watch, CancellationToken cancellationToken)
    {
        _watch = new StreamWatch(watch, _timeProvider);
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _watch.Lost);
        Pump = PumpAsync(cancellationToken);
        return FollowAsync();
    }

    /// <summary>Waits for the attempt's end, or until it is parked or another one leads.</summary>
    public async Task<AttemptResult> FollowAsync()
    {
        IsParked = false;
        var revived = _request.Race.Revived;
        while (true)
        {
            await Task.WhenAny(Pump, _watch!.Suspected, revived);
            if (Pump.IsCompleted)
            {
                _request.Race.Release(this);
                return await Pump;
            }

            if (revived.IsCompleted)
            {
                Cancel();
                await ((Task)Pump).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return AttemptResult.Superseded;
            }

            if (_watch.Suspected.IsCompleted && !(IsParked = _request.Race.TryPark(this))) _watch.Rearm();
            if (IsParked) return AttemptResult.Stalled;
        }
    }

    /// <summary>Ends it: another attempt leads.</summary>
    public void Cancel()
    {
        _isSuperseded = true;
        _end?.Cancel();
    }

    public void Dispose()
    {
        _watch?.Dispose();
        _end?.Dispose();
        _progress.Dispose();
        _events.Dispose();
    }

    private async Task<AttemptResult> PumpAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var message = UpstreamRequest.Create(_request, Rank);
            using var response = await _http.SendAsync(message, _end!.Token);
            _watch!.Hear();
            if (response.StatusCode != HttpStatusCode.OK) return await RefusedAsync(response, cancellationToken);
            await using var stream = await response.Content.ReadAsStreamAsync(_end.Token);
            return await ReadAsync(stream, cancellationToken);
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
            return _isSuperseded ? AttemptResult.Superseded
                : _watch!.Lost.IsCancellationRequested ? AttemptResult.Broken : AttemptResult.Refused;
        }
    }

    private async Task<AttemptResult> RefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (SideRouteMiddleware.RefusalOf(status) is { } refusal) return refusal;
        if (!_request.Race.TryEnter(this)) return AttemptResult.Superseded;
        if (_request.IsBegun)
        {
            _request.Error = Refusals.ResumeRefused(Rank.Id, status, await response.Content.ReadAsStringAsync(_end!.Token));
        }
        else
        {
            _watch!.Pause();
            await _request.Response.CopyAsync(response, Rank, cancellationToken);
        }

        return status >= StatusCodes.Status500InternalServerError ? AttemptResult.Failed : AttemptResult.Complete;
    }

    private async Task<AttemptResult> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            var count = await stream.ReadAsync(_events.Free(), _end!.Token);
            if (count == 0) return AttemptResult.Broken;
            _watch!.Hear();
            _events.Advance(count);
            if (await TakeEventsAsync(cancellationToken) is { } result) return result;
        }
    }

    /// <summary>Passes on what has come whole.</summary>
    /// <returns>How the attempt has ended; null where more is to come.</returns>
    private async ValueTask<AttemptResult?> TakeEventsAsync(CancellationToken cancellationToken)
    {
        var client = _request.Response;
        var (hasEntered, hasWritten) = (false, false);
        try
        {
            while (IsOpen && _events.TryTake(out var taken))
            {
                if (TryTakeHeartbeat(taken.Span)) continue;
                if (!hasEntered && !(hasEntered = Enter())) return AttemptResult.Superseded;
                _watch!.Advance();
                var data = Commit(taken);
                if (data.IsEmpty) continue;
                if (!client.IsStream)
                {
                    _watch.Pause();
                    var status = IsError(data.Span) ? ClientResponse.StatusOf(data.Span) : StatusCodes.Status200OK;
                    await client.WriteJsonAsync(data, status, Rank, cancellationToken);
                    return AttemptResult.Complete;
                }

                client.WriteEvent(data.Span, Rank);
                hasWritten = true;
            }

            if (hasWritten) await FlushAsync(cancellationToken);
        }
        finally
        {
            if (hasEntered) _request.Race.Leave();
        }

        return _state switch
        {
            AttemptState.Complete => AttemptResult.Complete,
            AttemptState.HandedOver => AttemptResult.HandedOver,
            AttemptState.Malformed => AttemptResult.Broken,
            _ => null,
        };
    }

    private bool Enter()
    {
        if (!_request.Race.TryEnter(this)) return false;
        // The suspicion was false: others may be sent there again.
        if (IsParked) Succeeded();
        return true;
    }

    private bool TryTakeHeartbeat(ReadOnlySpan<byte> taken)
    {
        if (!taken.StartsWith(": ping"u8)) return false;
        var number = taken[": ping"u8.Length..];
        _watch!.Beat(number.Length > 1 && Utf8Parser.TryParse(number[1..], out long progress, out _) ? progress : null);
        return true;
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var flush = _request.Response.FlushAsync(cancellationToken);
        if (flush.IsCompletedSuccessfully) return;
        _watch!.Pause();
        await flush;
        _watch.Resume();
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

        if (hasProgress && !_request.TryApply(_progress, _number, hasData: !data.IsEmpty)) _state = AttemptState.Malformed;
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
