using Grid.Engine.Configuration;
using Grid.Engine.Requests;

namespace Grid.Engine.Serving;

/// <summary>The unfinished requests by id, and how many of them never ran. Safe to use from any thread.</summary>
/// <param name="maxNumQueued"><c>--max-num-queued-reqs</c>.</param>
internal sealed class RequestRegistry(int maxNumQueued)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Request> _requests = [];
    private int _numQueued;
    private long _numQueuedTokens;

    /// <summary>Requests that were accepted and never scheduled.</summary>
    public int NumQueued => Volatile.Read(ref _numQueued);

    /// <summary>Tokens of prompt and replayed output of these.</summary>
    public long NumQueuedTokens => Volatile.Read(ref _numQueuedTokens);

    /// <summary>Takes all of a group or none.</summary>
    /// <exception cref="QueueFullException">There is no room for the whole group.</exception>
    /// <exception cref="ArgumentException">An id is in use.</exception>
    public void Add(IReadOnlyList<Request> group)
    {
        lock (_lock)
        {
            if (_numQueued + group.Count > maxNumQueued) throw new QueueFullException(maxNumQueued, _numQueued);
            for (var i = 0; i < group.Count; i++)
            {
                if (_requests.TryAdd(group[i].Source.Id, group[i])) continue;
                for (var added = 0; added < i; added++) _requests.Remove(group[added].Source.Id);
                throw new ArgumentException($"A request with the id {group[i].Source.Id} is being served already.", nameof(group));
            }

            Interlocked.Add(ref _numQueued, group.Count);
            foreach (var request in group) Interlocked.Add(ref _numQueuedTokens, InitialTokens(request));
        }
    }

    public Request? Find(string id)
    {
        lock (_lock) return _requests.GetValueOrDefault(id);
    }

    /// <summary>A request was scheduled for the first time.</summary>
    public void LeaveQueue(Request request)
    {
        Interlocked.Decrement(ref _numQueued);
        Interlocked.Add(ref _numQueuedTokens, -InitialTokens(request));
    }

    /// <summary>Forgets a request that has ended.</summary>
    public void Remove(Request request)
    {
        lock (_lock) _requests.Remove(request.Source.Id);
    }

    /// <summary>Forgets all requests.</summary>
    /// <returns>Those that were there.</returns>
    public Request[] RemoveAll()
    {
        lock (_lock)
        {
            Request[] all = [.. _requests.Values];
            _requests.Clear();
            _numQueued = 0;
            _numQueuedTokens = 0;
            return all;
        }
    }

    private static int InitialTokens(Request request) => request.NumPromptTokens + request.Source.ReplayedTokenIds.Length;
}
