using Grid.Engine.Parallelism.Experts.Remote;
using Grid.Primitives.Options;
using Grid.Silo.DataPlane;

namespace Grid.Silo.Shards;

/// <summary>One expert shard of this node: it loads, then serves the ranks that dial it.</summary>
internal sealed class HostedExpert : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DataPlaneServer? _plane;

    /// <summary>Loads from now on.</summary>
    /// <param name="address">The address of the shard.</param>
    /// <param name="options">The replica's, with this shard's device and threads.</param>
    /// <param name="plane">The data plane that ranks dial; null if all ranks are in this process.</param>
    /// <param name="logger">The log of choices.</param>
    public HostedExpert(ShardAddress address, EngineOptions options, DataPlaneServer? plane, ILogger logger)
    {
        (Address, _plane) = (address, plane);
        Loaded = Task.Run(() => Load(options, logger));
    }

    /// <summary>Where it is.</summary>
    public ShardAddress Address { get; }

    /// <summary>Completes when the experts are there.</summary>
    public Task<ExpertShardHost> Loaded { get; }

    /// <summary>Ends its links and unloads it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Loaded.ContinueWith(static _ => { }, TaskScheduler.Default);
        // One that failed to load holds nothing.
        if (Loaded.IsCompletedSuccessfully)
        {
            await _ended.Task;
            (await Loaded).Dispose();
        }

        _stop.Dispose();
    }

    private ExpertShardHost Load(EngineOptions options, ILogger logger)
    {
        var shard = ExpertShardHost.Load(options, Address.Shard.Expert!.Value.Number, logger);
        if (_plane is null)
        {
            _ended.SetResult();
            return shard;
        }

        var slot = _plane.Open(Address.Key);
        new Thread(() => Accept(_plane, slot, shard)) { Name = $"experts {Address.Key}", IsBackground = true }.Start();
        return shard;
    }

    private void Accept(DataPlaneServer plane, ShardSlot slot, ExpertShardHost shard)
    {
        try
        {
            while (true) shard.Serve(slot.Take(LinkKind.Peer, Timeout.InfiniteTimeSpan, _stop.Token), Address.Epoch);
        }
        catch (IOException)
        {
            // It is being unloaded.
        }
        finally
        {
            plane.Close(Address.Key);
            _ended.SetResult();
        }
    }
}
