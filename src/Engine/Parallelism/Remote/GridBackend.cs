using System.Net.Sockets;
using System.Security.Authentication;
using Grid.Engine.Configuration;
using Grid.Engine.Geometry;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Parallelism.Links;
using Grid.Engine.Parallelism.Shards;

namespace Grid.Engine.Parallelism.Remote;

/// <summary>Runs shards on the nodes of a grid (<c>grid</c>) where they were placed.</summary>
internal sealed class GridBackend(
    EngineOptions options, IReadOnlyList<Slice> layers, RemoteShards remote, ExpertClient? experts) : IShardBackend
{
    private CancellationTokenRegistration _stop;

    public IReadOnlyList<string> Names { get; } = [.. ShardNames.All(options).Select((name, shard) => $"{name} ({remote.Nodes[shard]})")];

    public IShardWorker[] Start(Action<Exception> failed)
    {
        var links = new List<FrameLink>();
        try
        {
            for (var shard = 0; shard < Names.Count; shard++)
                links.Add(new FrameLink(remote.Connect(shard), remote.Epoch, Names[shard]));
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException)
        {
            foreach (var link in links) link.Dispose();
            throw new ModelLoadException($"Shard {Names[links.Count]} cannot be reached: {exception.Message}", ModelLoadFault.Broken,
                exception);
        }

        _stop = remote.Stop.Register(() => links.ForEach(link => link.Abort()));
        return [.. ShardAssignment.OfAll(options, layers, Names, remote.Endpoints).Select(assignment =>
            new RemoteShardWorker(Names[assignment.Shard], links[assignment.Shard], assignment, experts, failed))];
    }

    public void Dispose() => _stop.Dispose();
}
