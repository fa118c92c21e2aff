using System.Collections.Concurrent;
using System.Globalization;
using Grid.Engine.Loading;
using Grid.Engine.Parallelism.Links;
using Grid.Engine.Parallelism.Remote;
using Grid.Engine.Tests.Parallelism.Links;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Engine.Tests.Parallelism.Remote;

/// <summary>The shards of a rank as sessions on threads, linked by sockets as over nodes.</summary>
/// <param name="shards">How many.</param>
/// <param name="dial">Opens links to what is no shard of the rank; null: there is nothing else.</param>
/// <param name="time">The clock of all shards; null: the system's.</param>
internal sealed class ShardGrid(int shards, Func<string, Stream>? dial = null, TimeProvider? time = null)
{
    private const long Epoch = 7;

    private readonly BlockingCollection<Stream>[] _peers = [.. Enumerable.Range(0, shards).Select(_ => new BlockingCollection<Stream>())];
    private readonly ConcurrentBag<Thread> _threads = [];
    private readonly TaskCompletionSource[] _ended = Signals(shards);
    private readonly TaskCompletionSource[] _missed = Signals(shards);
    private readonly CancellationTokenSource[] _stops = [.. Enumerable.Range(0, shards).Select(_ => new CancellationTokenSource())];
    private readonly ManualResetEventSlim[] _awake = [.. Enumerable.Range(0, shards).Select(_ => new ManualResetEventSlim(true))];

    public RemoteShards Shards => new(
        Epoch,
        [.. Enumerable.Range(0, shards).Select(shard => $"node-{shard}")],
        [.. Enumerable.Range(0, shards).Select(shard => $"{shard}")],
        Start);

    /// <summary>From now on a shard hears nothing of its driver, and so computes nothing, but its links stand.</summary>
    public void Hang(int shard) => _awake[shard].Reset();

    /// <summary>Completes when a shard that hangs was sent something.</summary>
    public Task Missed(int shard) => _missed[shard].Task;

    /// <summary>It goes on.</summary>
    public void Wake(int shard) => _awake[shard].Set();

    /// <summary>Tells a shard to go, as its node does.</summary>
    public Task StopAsync(int shard) => _stops[shard].CancelAsync();

    /// <summary>Completes with a shard's end.</summary>
    public Task Ended(int shard) => _ended[shard].Task;

    /// <summary>Waits until the driver's end has ended them all.</summary>
    public void Join()
    {
        foreach (var thread in _threads) thread.Join();
    }

    private static TaskCompletionSource[] Signals(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];

    private Stream Start(int shard)
    {
        var (near, far) = SocketPair.Open();
        var thread = new Thread(() =>
        {
            try
            {
                using var transport = new Transport(this, shard);
                var control = new HangingStream(far, _awake[shard], _missed[shard]);
                ShardSession.Run(control, transport, Epoch, options => options, null, NullLogger.Instance, time, _stops[shard].Token);
            }
            catch (IOException)
            {
                // The driver went before it gave an order.
            }

            _ended[shard].SetResult();
        })
        { IsBackground = true };
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

        public Stream Accept(TimeSpan timeout) =>
            grid._peers[shard].TryTake(out var stream, timeout) ? stream : throw new IOException("No peer came.");

        public void Dispose()
        {
        }
    }

    private Stream Dial(string endpoint) => dial?.Invoke(endpoint) ?? throw new IOException($"There is nobody at {endpoint}.");
}
