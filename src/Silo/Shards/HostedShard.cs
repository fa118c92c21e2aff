using Grid.Abstractions.Replicas;
using Grid.Engine.Configuration;
using Grid.Engine.Loading;
using Grid.Silo.DataPlane;

namespace Grid.Silo.Shards;

/// <summary>
/// One shard of a rank that spans several nodes, on a thread of its own: it waits for the rank's driver, loads, and computes.
/// </summary>
internal sealed class HostedShard : IAsyncDisposable
{
    // The driver's node may get the plan much later than this one.
    private static readonly TimeSpan DriverTimeout = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _key;
    private readonly DataPlaneServer _plane;
    private readonly ShardSlot _slot;

    /// <summary>Waits from now on.</summary>
    public HostedShard(ReplicaPlan plan, ShardPlan place, DataPlaneServer plane, int? cpuThreads, ILogger logger)
    {
        _key = ShardAddress.Of(plan, place).Key;
        _plane = plane;
        _slot = plane.Open(_key);
        new Thread(() => Run(plan, place, cpuThreads, logger)) { Name = $"shard {_key}", IsBackground = true }.Start();
    }

    /// <summary>
    /// Completes when the weights are there; fails where they will not be, and is cancelled where it is unloaded before.
    /// </summary>
    public Task Loaded => _loaded.Task;

    /// <summary>Completes when the shard is unloaded, on its driver's word or its own.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether it is being unloaded.</summary>
    public bool Stopping { get; private set; }

    /// <summary>Unloads it, a step in progress or not.</summary>
    public async ValueTask DisposeAsync()
    {
        Stopping = true;
        await _stop.CancelAsync();
        await _ended.Task;
        _stop.Dispose();
    }

    private void Run(ReplicaPlan plan, ShardPlan place, int? cpuThreads, ILogger logger)
    {
        try
        {
            var control = _slot.Take(LinkKind.Control, DriverTimeout, _stop.Token);
            control.ReadTimeout = Timeout.Infinite;
            using var transport = new SlotTransport(_plane, _slot, _stop.Token);
            logger.LoadingShard(plan.Id, place.Shard, plan.Epoch, place.Device);
            ShardSession.Run(control, transport, plan.Epoch,
                options => options with { Devices = place.Device, CpuThreads = options.CpuThreads ?? cpuThreads },
                () => _loaded.TrySetResult(), logger, stop: _stop.Token);
            _loaded.TrySetException(new ModelLoadException($"The driver of {plan.Id} went before {place.Shard} was loaded."));
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            _loaded.TrySetCanceled(_stop.Token);
        }
        catch (Exception exception)
        {
            _loaded.TrySetException(exception);
        }
        finally
        {
            // Observed, whether or not anything awaits it.
            _ = _loaded.Task.Exception;
            _plane.Close(_key);
            _ended.TrySetResult();
        }
    }
}
