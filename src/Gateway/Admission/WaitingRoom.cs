using Grid.Gateway.Ranks;
using Grid.Gateway.Routing;

namespace Grid.Gateway.Admission;

/// <summary>
/// The waiting requests of one model. Resumed streams come before all others; then clients are served by the tokens that each has had, so
/// that nobody waits behind all requests of another one.
/// </summary>
internal sealed class WaitingRoom(string model, DestinationSelector selector)
{
    private const int MaxIdleClients = 1024;

    private readonly Lock _gate = new();
    private readonly LinkedList<WaitingRequest> _resumes = [];
    private readonly Dictionary<string, ClientQueue> _clients = new(StringComparer.Ordinal);

    // Admitted, and not yet load of a rank: until it is, the next one would be given the same room.
    private WaitingRequest? _unsettled;

    // What the client that was admitted last had had: where clients begin.
    private long _served;
    private int _waiting;
    private int _count;

    public string Model { get; } = model;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Lets a request wait. Where the room is full, the newest request of the client with the most gives way.</summary>
    /// <exception cref="ApiException">The room is full, and no other client has more requests in it (429).</exception>
    public WaitingRequest Enter(RouteQuery query, int maxRequests)
    {
        lock (_gate)
        {
            var request = new WaitingRequest(this, query);
            if (query.IsResume)
            {
                _resumes.AddFirst(request);
            }
            else
            {
                var client = ClientOf(query);
                if (_waiting >= maxRequests) GiveWay(client, maxRequests);
                client.Waiting.AddLast(request);
                _waiting++;
            }

            UpdateCount();
            return request;
        }
    }

    /// <summary>A request was admitted without waiting.</summary>
    public void Charge(RouteQuery query)
    {
        if (query.IsResume) return;
        lock (_gate) Charge(ClientOf(query), query);
    }

    /// <summary>The request has ended.</summary>
    public void Leave(WaitingRequest request)
    {
        lock (_gate)
        {
            if (request.Query.IsResume) _resumes.Remove(request);
            else if (_clients.TryGetValue(request.Query.Client, out var client) && client.Waiting.Remove(request)) _waiting--;
            UpdateCount();
        }
    }

    /// <summary>Admits the next request that a rank has room for; its settling admits the one after.</summary>
    public void Pump()
    {
        if (Count == 0) return;
        lock (_gate)
        {
            if (_unsettled is not null || !TryAdmit(_resumes, null)) return;
            foreach (var client in _clients.Values.Where(client => client.Waiting.Count > 0).OrderBy(client => client.Served).ToArray())
                if (!TryAdmit(client.Waiting, client)) return;
        }
    }

    /// <summary>An admitted request counts as load of its rank, or has ended.</summary>
    public void Settle(WaitingRequest request)
    {
        lock (_gate)
        {
            if (_unsettled != request) return;
            _unsettled = null;
        }

        Pump();
    }

    /// <summary>Ends all waits.</summary>
    public void Fail(Func<ApiException> error)
    {
        lock (_gate)
        {
            foreach (var request in _resumes.Concat(_clients.Values.SelectMany(client => client.Waiting))) request.Fail(error());
            _resumes.Clear();
            _clients.Clear();
            _waiting = 0;
            UpdateCount();
        }
    }

    // One that asks for certain ranks does not hold up those behind it.
    private static bool IsParticular(RouteQuery query) => query.DataParallelRank is not null || query.Revision is not null;

    /// <returns>Whether requests of others may be looked at.</returns>
    private bool TryAdmit(LinkedList<WaitingRequest> queue, ClientQueue? client)
    {
        for (var node = queue.First; node is not null;)
        {
            var (request, next) = (node.Value, node.Next);
            var destinations = selector.Select(request.Query);
            if (!destinations.IsEmpty)
            {
                queue.Remove(node);
                if (client is not null) _waiting--;
                UpdateCount();
                if (request.TryAdmit(destinations))
                {
                    if (client is not null) Charge(client, request.Query);
                    _unsettled = request;
                    return false;
                }
            }
            else if (!IsParticular(request.Query))
            {
                return false;
            }

            node = next;
        }

        return true;
    }

    private void Charge(ClientQueue client, RouteQuery query)
    {
        _served = Math.Max(_served, client.Served);
        client.Served += Math.Max(1, query.Tokens);
    }

    private ClientQueue ClientOf(RouteQuery query)
    {
        if (_clients.TryGetValue(query.Client, out var client))
        {
            if (client.Waiting.Count == 0) client.Served = Math.Max(client.Served, _served);
            return client;
        }

        if (_clients.Count >= MaxIdleClients)
            foreach (var (name, idle) in _clients.ToArray())
                if (idle.Waiting.Count == 0 && idle.Served <= _served) _clients.Remove(name);
        _clients.Add(query.Client, client = new ClientQueue(query.Client, _served));
        return client;
    }

    private void GiveWay(ClientQueue client, int maxRequests)
    {
        var largest = _clients.Values.MaxBy(other => other.Waiting.Count)!;
        if (largest.Waiting.Count <= client.Waiting.Count + 1) throw Full(maxRequests);
        var last = largest.Waiting.Last!.Value;
        largest.Waiting.RemoveLast();
        _waiting--;
        last.Fail(Full(maxRequests));
    }

    private ApiException Full(int maxRequests) => new(
        StatusCodes.Status429TooManyRequests,
        $"The queue for model '{Model}' is full ({_waiting} of {maxRequests} waiting).",
        code: "queue_full");

    private void UpdateCount() => Volatile.Write(ref _count, _resumes.Count + _waiting);
}
