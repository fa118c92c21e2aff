using Grid.Engine.Configuration;
using Grid.Engine.Execution;
using Grid.Engine.Layers;
using Grid.Engine.Layers.Experts;
using Grid.Engine.Models.Families;
using Grid.Engine.Weights;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>
/// Reads experts of a checkpoint, one at a time. The checkpoint stays open, because experts are read again when they move.
/// </summary>
/// <param name="openWeights">Opens its checkpoint; null: dummy weights.</param>
/// <param name="options">Runner, device, dtype, threads.</param>
/// <param name="logger">Logs choices that were made.</param>
internal sealed class ExpertLoader(ModelConfig config, Func<IWeightSource>? openWeights, EngineOptions options, ILogger logger)
    : IDisposable
{
    private readonly IWeightSource _weights = openWeights?.Invoke() ?? new DummyWeightSource(options.Seed ?? 0);
    private readonly ExpertTensorNames _names = ModelRegistry.Of(config).Experts;
    private readonly Lock _oneAtATime = new();

    /// <summary>Starts a shard with the experts that a placement assigns to it.</summary>
    public ExpertShardWorker Start(int number, ExpertPlacement placement) =>
        new(number, placement, new ExpertLoad(config.NumHiddenLayers, config.NumExperts), Load);

    public void Dispose() => _weights.Dispose();

    private (LayerContext Context, GatedMlp Expert) Load(int layer, int expert)
    {
        lock (_oneAtATime)
        {
            using var loader = new WeightLoader(_weights);
            var placement = ShardPlacement.Whole(config.NumHiddenLayers);
            var context = ShardFactory.CreateContext(config, loader, options, placement, logger);
            return (context, _names.Load(context, layer, expert));
        }
    }
}
