using Grid.Gateway.Routing;
using Grid.Hosting.Http;

namespace Grid.Gateway.Admission;

/// <summary>The requests of one model that wait, oldest first, streams that go on before all others.</summary>
internal sealed class WaitingRoom(string model, Router router)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = [];
    private int _resumes;
    private int _count;

    public string Model { get; } = model;

    public int Count => Volatile.Read(ref _count);

    /// <exception cref="ApiException">429: the room is full.</exception>
    public Waiter Enter(RouteQuery query, int maxRequests)
    {
        lock (_gate)
        {
            if (!query.IsResume && _waiters.Count - _resumes >= maxRequests)
                throw new ApiException(StatusCodes.Status429TooManyRequests, $"At most {maxRequests} requests may wait for the model '{Model}' at this gateway, and {_waiters.Count} do.", code: "queue_full");
            var waiter = new Waiter(query);
            if (query.IsResume)
            {
                _waiters.AddFirst(waiter);
                _resumes++;
            }
            else
            {
                _waiters.AddLast(waiter);
            }

            Volatile.Write(ref _count, _waiters.Count);
            return waiter;
        }
    }

    /// <summary>The request has gone.</summary>
    public void Leave(Waiter waiter)
    {
        lock (_gate)
            if (_waiters.Find(waiter) is { } node) Remove(node);
    }

    /// <summary>Hands out what ranks can take now.</summary>
    public void Pump()
    {
        if (Count == 0) return;
        lock (_gate)
        {
            for (var node = _waiters.First; node is not null;)
            {
                var (waiter, next) = (node.Value, node.Next);
                if (router.TryRoute(waiter.Query) is { } dispatch)
                {
                    Remove(node);
                    // Outside of the lock: its end comes back here.
                    if (!waiter.TryAdmit(dispatch)) ThreadPool.QueueUserWorkItem(static lost => lost.Dispose(), dispatch, preferLocal: false);
                }
                else if (!IsParticular(waiter.Query))
                {
                    return;
                }

                node = next;
            }
        }
    }

    /// <summary>Ends all waits.</summary>
    public void Fail(Func<ApiException> error)
    {
        lock (_gate)
        {
            foreach (var waiter in _waiters) waiter.Fail(error());
            _waiters.Clear();
            _resumes = 0;
            Volatile.Write(ref _count, 0);
        }
    }

    // One that wants a certain rank does not hold up those behind it.
    private static bool IsParticular(RouteQuery query) => query.DataParallelRank is not null || query.Revision is not null;

    private void Remove(LinkedListNode<Waiter> node)
    {
        if (node.Value.Query.IsResume) _resumes--;
        _waiters.Remove(node);
        Volatile.Write(ref _count, _waiters.Count);
    }
}
