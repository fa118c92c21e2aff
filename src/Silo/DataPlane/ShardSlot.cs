using System.Collections.Concurrent;

namespace Grid.Silo.DataPlane;

/// <summary>The links that were dialled to one shard, until it takes them.</summary>
internal sealed class ShardSlot : IDisposable
{
    private readonly Dictionary<LinkKind, BlockingCollection<Stream>> _links = new() { [LinkKind.Control] = [], [LinkKind.Peer] = [] };
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the shard is placed here; until then a dialling peer may be early, or wrong.</summary>
    public Task Opened => _opened.Task;

    public void Open() => _opened.TrySetResult();

    /// <summary>Hands a link to the shard, unless it has been removed.</summary>
    public void Offer(LinkKind kind, Stream link)
    {
        try
        {
            _links[kind].Add(link);
        }
        catch (InvalidOperationException)
        {
            link.Dispose();
        }
    }

    /// <summary>The next link.</summary>
    /// <exception cref="IOException">None came in time, or the shard is being unloaded.</exception>
    public Stream Take(LinkKind kind, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            return _links[kind].TryTake(out var link, (int)timeout.TotalMilliseconds, cancellation)
                ? link
                : throw new IOException($"No {kind} link came within {timeout.TotalSeconds:0.###} s.");
        }
        catch (OperationCanceledException exception)
        {
            throw new IOException("The shard was removed.", exception);
        }
    }

    public void Dispose()
    {
        foreach (var links in _links.Values)
        {
            links.CompleteAdding();
            while (links.TryTake(out var link)) link.Dispose();
        }
    }
}
