using System.Collections.Concurrent;
using Grid.Abstractions.Http;
using Grid.Gateway.Ranks;
using Grid.Gateway.Routing;
using Grid.Gateway.Telemetry;

namespace Grid.Gateway.Admission;

/// <summary>
/// Lets a request through at once where a rank is ready and has room, else keeps it in a bounded waiting room while the model wakes or
/// grows. YARP has no such step: where no destination is available it answers 503.
/// </summary>
internal sealed class AdmissionControl
{
    private const int RetryAfterWait = 5;

    private readonly ConcurrentDictionary<string, WaitingRoom> _rooms = new(StringComparer.Ordinal);
    private readonly RoutingState _routing;
    private readonly DestinationSelector _selector;
    private readonly TimeProvider _timeProvider;
    private readonly GatewayInstruments _instruments;

    public AdmissionControl(RoutingState routing, DestinationSelector selector, GatewayInstruments instruments, TimeProvider timeProvider)
    {
        (_routing, _selector, _instruments, _timeProvider) = (routing, selector, instruments, timeProvider);
        instruments.ObserveQueues(() => _rooms.Values.Select(room => (room.Model, room.Count)));
    }

    /// <summary>Raised when the first request begins to wait for a model.</summary>
    public event Action? WaitBegan;

    /// <summary>Waiting requests by model.</summary>
    public Dictionary<string, int> Queued =>
        _rooms.Values.Where(room => room.Count > 0).ToDictionary(room => room.Model, room => room.Count);

    /// <summary>Waits until a rank may get the request.</summary>
    /// <exception cref="ApiException">There is no such model (404), the queue is full (429), or no rank was ready in time
    /// (503).</exception>
    public ValueTask<Admittance> AdmitAsync(RouteQuery query, CancellationToken cancellationToken)
    {
        var model = _routing.Require(query.Model);
        CheckRank(query.DataParallelRank, model);
        var room = _rooms.GetOrAdd(model.Route.Name, static (name, selector) => new WaitingRoom(name, selector), _selector);
        if ((room.Count == 0 || query.IsResume) && _selector.Select(query) is { IsEmpty: false } destinations)
        {
            room.Charge(query);
            return new ValueTask<Admittance>(new Admittance(destinations, null));
        }

        return new ValueTask<Admittance>(WaitAsync(room, model, query, cancellationToken));
    }

    /// <summary>Admits waiting requests where possible, after a new table, the end of a request, or some time.</summary>
    public void PumpAll()
    {
        foreach (var (_, room) in _rooms)
        {
            if (room.Count == 0) continue;
            if (_routing.Current is { } current && !current.Models.ContainsKey(room.Model))
                room.Fail(() => RoutingState.NoModel(room.Model));
            else room.Pump();
        }
    }

    private static void CheckRank(int? wanted, RoutedModel model)
    {
        if (wanted is null || model.Route.Ranks.Length == 0) return;
        var last = model.Route.Ranks.Max(rank => rank.Id.Number);
        if (wanted <= last) return;
        throw ApiException.BadField(
            GridHeaders.DataParallelRank, $"{GridHeaders.DataParallelRank} must be a rank of the model, 0 to {last}; got '{wanted}'.");
    }

    private async Task<Admittance> WaitAsync(WaitingRoom room, RoutedModel model, RouteQuery query, CancellationToken cancellationToken)
    {
        var queue = _routing.Required.Queue;
        var isAsleep = model.Route.ScaledToZero;
        var limit = isAsleep ? model.Route.ActivationTimeout : queue.MaxWait;
        var began = _timeProvider.GetTimestamp();
        var isFirst = room.Count == 0;
        var request = room.Enter(query, queue.MaxRequests);
        if (isFirst) WaitBegan?.Invoke();
        // A rank may have become free just before.
        room.Pump();
        try
        {
            return new Admittance(await request.Admitted.WaitAsync(limit, _timeProvider, cancellationToken), request);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            room.Leave(request);
            if (!request.TryGiveUp() && request.Admitted.IsCompletedSuccessfully)
            {
                if (exception is TimeoutException) return new Admittance(await request.Admitted, request);
                request.Settle();
            }

            if (exception is OperationCanceledException) throw;
            throw TimedOut(room.Model, isAsleep, limit);
        }
        finally
        {
            _instruments.Waited(room.Model, _timeProvider.GetElapsedTime(began));
        }
    }

    private static ApiException TimedOut(string model, bool isAsleep, TimeSpan limit)
    {
        var (what, code) = isAsleep ? ("woke", "activation_timeout") : ("was ready and had room", "no_ready_replica");
        return new ApiException(
            StatusCodes.Status503ServiceUnavailable, $"No replica of the model '{model}' {what} within {limit.TotalSeconds:0.#} s.",
            code: code)
        {
            RetryAfter = RetryAfterWait,
        };
    }
}

/// <summary>Where an admitted request may go.</summary>
/// <param name="Destinations">The destinations, at least one.</param>
/// <param name="Waited">Its place in the waiting room, to be settled; null if it did not wait.</param>
internal readonly record struct Admittance(SelectedDestinations Destinations, WaitingRequest? Waited);
