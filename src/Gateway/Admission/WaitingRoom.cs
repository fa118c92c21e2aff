using Grid.Gateway.Ranks;
using Grid.Gateway.Routing;

namespace Grid.Gateway.Admission;

/// <summary>The waiting requests of one model, oldest first, resumed streams before all others.</summary>
internal sealed class WaitingRoom(string model, DestinationSelector selector)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<WaitingRequest> _waiting = [];

    // Admitted, and not yet load of a rank: until it is, the next one would be given the same room.
    private WaitingRequest? _unsettled;
    private int _resumes;
    private int _count;

    public string Model { get; } = model;

    public int Count => Volatile.Read(ref _count);

    /// <exception cref="ApiException">The room is full (429).</exception>
    public WaitingRequest Enter(RouteQuery query, int maxRequests)
    {
        lock (_gate)
        {
            if (!query.IsResume && _waiting.Count - _resumes >= maxRequests) throw Full(maxRequests);
            var request = new WaitingRequest(this, query);
            if (query.IsResume)
            {
                _waiting.AddFirst(request);
                _resumes++;
            }
            else
            {
                _waiting.AddLast(request);
            }

            Volatile.Write(ref _count, _waiting.Count);
            return request;
        }
    }

    /// <summary>The request has ended.</summary>
    public void Leave(WaitingRequest request)
    {
        lock (_gate)
            if (_waiting.Find(request) is { } node) Remove(node);
    }

    /// <summary>Admits the first request that a rank has room for; its settling admits the next.</summary>
    public void Pump()
    {
        if (Count == 0) return;
        lock (_gate)
        {
            if (_unsettled is not null) return;
            for (var node = _waiting.First; node is not null;)
            {
                var (request, next) = (node.Value, node.Next);
                var destinations = selector.Select(request.Query);
                if (!destinations.IsEmpty)
                {
                    Remove(node);
                    if (request.TryAdmit(destinations))
                    {
                        _unsettled = request;
                        return;
                    }
                }
                else if (!IsParticular(request.Query))
                {
                    return;
                }

                node = next;
            }
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
            foreach (var request in _waiting) request.Fail(error());
            _waiting.Clear();
            _resumes = 0;
            Volatile.Write(ref _count, 0);
        }
    }

    // One that asks for certain ranks does not hold up those behind it.
    private static bool IsParticular(RouteQuery query) => query.DataParallelRank is not null || query.Revision is not null;

    private ApiException Full(int maxRequests) => new(
        StatusCodes.Status429TooManyRequests,
        $"The queue for model '{Model}' is full ({_waiting.Count - _resumes} of {maxRequests} waiting).",
        code: "queue_full");

    private void Remove(LinkedListNode<WaitingRequest> node)
    {
        if (node.Value.Query.IsResume) _resumes--;
        _waiting.Remove(node);
        Volatile.Write(ref _count, _waiting.Count);
    }
}
