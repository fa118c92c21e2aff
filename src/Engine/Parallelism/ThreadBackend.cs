using Grid.Engine.Execution;
using Grid.Engine.Layers;
using Grid.Engine.Models;
using Grid.Engine.Parallelism.Collectives;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Weights;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism;

/// <summary>Shards as threads of this process (<c>inprocess</c>), loaded one after the other.</summary>
internal sealed class ThreadBackend(
    ModelConfig config, IWeightSource? weights, EngineOptions options, IReadOnlyList<Slice> layers, ExpertClient? experts, IProgress<LoadProgress>? progress, ILogger logger)
    : IShardBackend
{
    private readonly Lock _oneAtATime = new();

    public IShardWorker[] Start(Action<Exception> failed)
    {
        var (tensor, stages) = (options.TensorParallelSize, options.PipelineParallelSize);
        InProcessGroup[] tensorGroups = [.. Enumerable.Range(0, stages).Select(pp => Group(Enumerable.Range(0, tensor).Select(tp => (pp, tp))))];
        InProcessGroup[] pipelineGroups = [.. Enumerable.Range(0, tensor).Select(tp => Group(Enumerable.Range(0, stages).Select(pp => (pp, tp))))];
        return [.. from pp in Enumerable.Range(0, stages)
                   from tp in Enumerable.Range(0, tensor)
                   select Start(
                       new ShardPlacement(new Shard(tp, tensor), new PipelineStage(pp, stages, layers[pp]), tensorGroups[pp].Join(tp), pipelineGroups[tp].Join(pp)) { Experts = experts },
                       exception =>
                       {
                           failed(exception);
                           tensorGroups[pp].Fail(tp, exception);
                           pipelineGroups[tp].Fail(pp, exception);
                       })];
    }

    private InProcessGroup Group(IEnumerable<(int Stage, int Tensor)> members) =>
        new([.. members.Select(member => ShardNames.Of(member.Stage, member.Tensor, options.PipelineParallelSize))], options.CollectiveTimeout);

    private ShardWorker Start(ShardPlacement placement, Action<Exception> failed) => new($"shard {placement}", placement, () =>
    {
        lock (_oneAtATime) return ModelRunnerFactory.CreateShard(config, weights, options, placement, progress, logger);
    }, failed);
}
