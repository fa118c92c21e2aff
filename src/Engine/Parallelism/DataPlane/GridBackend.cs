using Grid.Engine.Layers;
using Grid.Engine.Parallelism.Experts;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>Shards on the nodes of a grid (<c>grid</c>), where the placer has put them.</summary>
internal sealed class GridBackend(EngineOptions options, IReadOnlyList<Slice> layers, RemoteShards remote, ExpertClient? experts) : IShardBackend
{
    private CancellationTokenRegistration _stop;

    public IReadOnlyList<string> Names { get; } = [.. ShardNames.All(options).Select((name, shard) => $"{name} ({remote.Nodes[shard]})")];

    public IShardWorker[] Start(Action<Exception> failed)
    {
        var links = new List<FrameLink>();
        try
        {
            for (var shard = 0; shard < Names.Count; shard++) links.Add(new FrameLink(remote.Connect(shard), remote.Epoch, Names[shard]));
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or System.Security.Authentication.AuthenticationException)
        {
            foreach (var link in links) link.Dispose();
            throw new ModelLoadException($"Shard {Names[links.Count]} cannot be reached: {exception.Message}", ModelLoadFault.Broken, exception);
        }

        _stop = remote.Stop.Register(() => links.ForEach(link => link.Abort()));
        return [.. ShardOrder.OfAll(options, layers, Names, remote.Endpoints).Select(order => new RemoteShardWorker(Names[order.Shard], links[order.Shard], order, experts, failed))];
    }

    public void Dispose() => _stop.Dispose();
}
