using Grid.Engine.Collectives;
using Grid.Engine.Collectives.Nccl;
using Grid.Engine.Configuration;
using Grid.Engine.Devices;
using Grid.Engine.Execution;
using Grid.Engine.Geometry;
using Grid.Engine.Layers;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Weights;
using Grid.Primitives.Ids;
using Microsoft.Extensions.Logging;
using TorchSharp;

namespace Grid.Engine.Parallelism.Shards;

/// <summary>
/// Runs shards as threads of this process (<c>inprocess</c>), loaded one after the other. They exchange tensors in host memory, or over
/// NCCL where each has a CUDA device.
/// </summary>
internal sealed class ThreadBackend(
    ModelConfig config,
    IWeightSource? weights,
    EngineOptions options,
    IReadOnlyList<Slice> layers,
    ExpertClient? experts,
    IProgress<LoadProgress>? progress,
    ILogger logger,
    TimeProvider time)
    : IShardBackend
{
    private readonly Lock _oneAtATime = new();
    private readonly LoadBarrier _loads = new(options.TensorParallelSize * options.PipelineParallelSize);

    public IReadOnlyList<string> Names { get; } = ShardNames.All(options);

    public IShardWorker[] Start(Action<Exception> failed)
    {
        var (tensor, stages) = (options.TensorParallelSize, options.PipelineParallelSize);
        ICommunicatorGroup[] tensorGroups =
            [.. Enumerable.Range(0, stages).Select(pp => Group(Enumerable.Range(0, tensor).Select(tp => (pp, tp))))];
        ICommunicatorGroup[] pipelineGroups =
            [.. Enumerable.Range(0, tensor).Select(tp => Group(Enumerable.Range(0, stages).Select(pp => (pp, tp))))];
        return [.. from pp in Enumerable.Range(0, stages)
                   from tp in Enumerable.Range(0, tensor)
                   let stage = new PipelineStage(pp, stages, layers[pp])
                   select Start(
                       new ShardPlacement(new TensorSlice(tp, tensor), stage, tensorGroups[pp].Join(tp), pipelineGroups[tp].Join(pp))
                       {
                           Experts = experts?.OfShard(),
                       },
                       exception =>
                       {
                           failed(exception);
                           tensorGroups[pp].Fail(tp, exception);
                           pipelineGroups[tp].Fail(pp, exception);
                       })];
    }

    // Each worker ends its own thread.
    public void Dispose()
    {
    }

    private ICommunicatorGroup Group(IEnumerable<(int Stage, int Tensor)> members)
    {
        var shards = members.ToArray();
        string[] names = [.. shards.Select(shard => ShardId.NameWithinRank(shard.Stage, shard.Tensor, options.PipelineParallelSize))];
        var devices = shards.Select(shard => RunnerDevice.Of(DeviceOf(shard.Stage, shard.Tensor))).ToArray();
        return shards.Length == 1 || devices[0].type == DeviceType.CPU
            ? new InProcessGroup(names, options.GroupTimeout, time)
            : new NcclGroup(
                NcclLibrary.Shared, names, options.GroupTimeout, [.. devices.Select(device => new CudaStream(device.index))], time);
    }

    private DeviceId DeviceOf(int stage, int tensor) => options.Devices.OfShard(stage * options.TensorParallelSize + tensor);

    private ShardWorker Start(ShardPlacement placement, Action<Exception> failed) =>
        new($"shard {placement}", placement, () => Load(placement, failed), failed);

    private TorchModelRunner Load(ShardPlacement placement, Action<Exception> failed)
    {
        var own = options with { Devices = DeviceOf(placement.Stage.Index, placement.TensorSlice.Index) };
        TorchModelRunner? runner = null;
        try
        {
            lock (_oneAtATime) runner = ShardFactory.LoadShard(config, weights, own, placement, progress, logger);
            _loads.Arrive();
            ShardFactory.MeasureKVCache(runner, own);
            return runner;
        }
        catch (Exception exception)
        {
            var first = _loads.Fail(exception);
            failed(first);
            runner?.Dispose();
            if (first == exception) throw;
            throw new ModelLoadException(first.Message, (first as ModelLoadException)?.Kind ?? ModelLoadFault.Broken, first);
        }
    }
}
