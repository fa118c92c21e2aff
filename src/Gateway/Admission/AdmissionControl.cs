using System.Collections.Concurrent;
using Grid.Abstractions.Http;
using Grid.Gateway.Routing;
using Grid.Gateway.Telemetry;

namespace Grid.Gateway.Admission;

/// <summary>Gives each request a rank: at once where one is ready, else from a bounded room where it waits while the model wakes or grows.</summary>
internal sealed class AdmissionControl
{
    private const int RetryAfterWait = 5;

    private readonly ConcurrentDictionary<string, WaitingRoom> _rooms = new(StringComparer.Ordinal);
    private readonly RouteBook _book;
    private readonly Router _router;
    private readonly TimeProvider _timeProvider;
    private readonly GatewayInstruments _instruments;

    public AdmissionControl(RouteBook book, Router router, GatewayInstruments instruments, TimeProvider timeProvider)
    {
        (_book, _router, _instruments, _timeProvider) = (book, router, instruments, timeProvider);
        router.Left += _ => PumpAll();
        instruments.ObserveQueues(() => _rooms.Values.Select(room => (room.Model, room.Count)));
    }

    /// <summary>Told when the first request begins to wait for a model.</summary>
    public event Action? WaitBegan;

    /// <summary>Waiting requests by model.</summary>
    public Dictionary<string, int> Queued => _rooms.Values.Where(room => room.Count > 0).ToDictionary(room => room.Model, room => room.Count);

    /// <summary>A rank for a request; the caller disposes it.</summary>
    /// <exception cref="ApiException">404: no such model; 429: the queue is full; 503: no rank within the time.</exception>
    public ValueTask<Dispatch> AdmitAsync(RouteQuery query, CancellationToken cancellationToken)
    {
        var model = Require(query.Model);
        CheckRank(query.DataParallelRank, model);
        var room = _rooms.GetOrAdd(model.Route.Name, static (name, router) => new WaitingRoom(name, router), _router);
        if ((room.Count == 0 || query.IsResume) && _router.TryRoute(query) is { } dispatch) return new ValueTask<Dispatch>(dispatch);
        return new ValueTask<Dispatch>(WaitAsync(room, model, query, cancellationToken));
    }

    /// <summary>Looks whether anything can go on: a table came, a request left, or time has passed.</summary>
    public void PumpAll()
    {
        foreach (var room in _rooms.Values)
        {
            if (room.Count == 0) continue;
            if (_book.Current is { } current && !current.Models.ContainsKey(room.Model)) room.Fail(() => Unknown(room.Model));
            else room.Pump();
        }
    }

    /// <summary>404 for a name that is no model.</summary>
    public static ApiException Unknown(string model) =>
        new(StatusCodes.Status404NotFound, $"The model '{(model.Length <= 128 ? model : model[..128] + "...")}' does not exist.", "model", "model_not_found");

    private static void CheckRank(int? wanted, ModelRanks model)
    {
        if (wanted is null || model.Ranks.Length == 0) return;
        var last = model.Ranks.Max(rank => rank.DataParallelRank);
        if (wanted > last)
            throw ApiException.BadField(GridHeaders.DataParallelRank, $"{GridHeaders.DataParallelRank} must be a rank of the model, 0 to {last}, got '{wanted}'.");
    }

    private ModelRanks Require(string model)
    {
        if (_book.Current is not { } current)
            throw new ApiException(StatusCodes.Status503ServiceUnavailable, "The gateway has no routing table yet.", code: "no_ready_replica");
        return current.Models.GetValueOrDefault(model) ?? throw Unknown(model);
    }

    private async Task<Dispatch> WaitAsync(WaitingRoom room, ModelRanks model, RouteQuery query, CancellationToken cancellationToken)
    {
        var queue = _book.Current!.Queue;
        var isAsleep = model.Route.ScaledToZero;
        var limit = isAsleep ? model.Route.ActivationTimeout : queue.MaxWait;
        var began = _timeProvider.GetTimestamp();
        var isFirst = room.Count == 0;
        var waiter = room.Enter(query, queue.MaxRequests);
        if (isFirst) WaitBegan?.Invoke();
        // A rank may have become free just before.
        room.Pump();
        try
        {
            return await waiter.Admitted.WaitAsync(limit, _timeProvider, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            room.Leave(waiter);
            if (!waiter.TryGiveUp() && waiter.Admitted.IsCompletedSuccessfully)
            {
                if (exception is TimeoutException) return await waiter.Admitted;
                (await waiter.Admitted).Dispose();
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
        return new ApiException(StatusCodes.Status503ServiceUnavailable, $"No replica of the model '{model}' {what} within {limit.TotalSeconds:0.#} s.", code: code) { RetryAfter = RetryAfterWait };
    }
}
