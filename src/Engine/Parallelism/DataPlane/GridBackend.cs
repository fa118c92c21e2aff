using Grid.Engine.Layers;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>Shards on the nodes of a grid (<c>grid</c>), where the placer has put them.</summary>
internal sealed class GridBackend(EngineOptions options, IReadOnlyList<Slice> layers, RemoteShards remote) : IShardBackend
{
    public IReadOnlyList<string> Names { get; } = [.. ShardNames.All(options).Select((name, shard) => $"{name} ({remote.Nodes[shard]})")];

    public IShardWorker[] Start(Action<Exception> failed)
    {
        var tensor = options.TensorParallelSize;
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

        return [.. links.Select((link, shard) => new RemoteShardWorker(Names[shard], link, Order(shard / tensor, shard % tensor), IsDriver(shard), failed))];
    }

    private bool IsDriver(int shard) => shard == (options.PipelineParallelSize - 1) * options.TensorParallelSize;

    private ShardOrder Order(int stage, int tensor) => new()
    {
        Options = options,
        Stage = stage,
        Tensor = tensor,
        LayerBounds = ShardOrder.BoundsOf(layers),
        Names = [.. Names],
        Endpoints = [.. remote.Endpoints],
    };
}
