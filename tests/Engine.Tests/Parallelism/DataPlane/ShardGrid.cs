using System.Collections.Concurrent;
using System.Globalization;
using Grid.Engine.Parallelism.DataPlane;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Engine.Tests.Parallelism.DataPlane;

/// <summary>The shards of a rank as sessions on threads, linked by sockets as over nodes.</summary>
/// <param name="shards">How many.</param>
/// <param name="dial">Opens links to what is no shard of the rank.</param>
internal sealed class ShardGrid(int shards, Func<string, Stream> dial)
{
    private const long Epoch = 7;

    private readonly BlockingCollection<Stream>[] _peers = [.. Enumerable.Range(0, shards).Select(_ => new BlockingCollection<Stream>())];
    private readonly ConcurrentBag<Thread> _threads = [];

    public RemoteShards Shards => new(
        Epoch,
        [.. Enumerable.Range(0, shards).Select(shard => $"node-{shard}")],
        [.. Enumerable.Range(0, shards).Select(shard => $"{shard}")],
        Start);

    /// <summary>Waits until the driver's end has ended them all.</summary>
    public void Join()
    {
        foreach (var thread in _threads) thread.Join();
    }

    private Stream Start(int shard)
    {
        var (near, far) = SocketPair.Open();
        var thread = new Thread(() => ShardSession.Run(far, new Transport(this, shard), Epoch, options => options, null, NullLogger.Instance)) { IsBackground = true };
        _threads.Add(thread);
        thread.Start();
        return near;
    }

    private sealed class Transport(ShardGrid grid, int shard) : IPeerTransport
    {
        public Stream Connect(string endpoint, TimeSpan timeout)
        {
            if (!int.TryParse(endpoint, CultureInfo.InvariantCulture, out var peer)) return grid.Dial(endpoint);
            var (near, far) = SocketPair.Open();
            near.ReadTimeout = far.ReadTimeout = (int)timeout.TotalMilliseconds;
            grid._peers[peer].Add(far);
            return near;
        }

        public Stream Accept(TimeSpan timeout) => grid._peers[shard].TryTake(out var stream, timeout) ? stream : throw new IOException("No peer came.");

        public void Dispose()
        {
        }
    }

    private Stream Dial(string endpoint) => dial(endpoint);
}
