using Grid.Engine.Parallelism.Links;

namespace Grid.Silo.DataPlane;

/// <summary>One shard's links to the other shards of its rank.</summary>
internal sealed class SlotTransport(DataPlaneServer server, ShardSlot slot, CancellationToken cancellation) : IPeerTransport
{
    public Stream Connect(string endpoint, TimeSpan timeout) => server.Dial(ShardAddress.Parse(endpoint), LinkKind.Peer, timeout);

    public Stream Accept(TimeSpan timeout)
    {
        var link = slot.Take(LinkKind.Peer, timeout, cancellation);
        link.ReadTimeout = (int)timeout.TotalMilliseconds;
        return link;
    }

    public void Dispose()
    {
    }
}
