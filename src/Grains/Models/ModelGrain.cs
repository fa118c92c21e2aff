using Grid.Abstractions.Grains;
using Grid.Abstractions.Models;
using Orleans.Placement;

namespace Grid.Grains.Models;

/// <inheritdoc cref="IModelGrain"/>
[PreferLocalPlacement]
internal sealed class ModelGrain(TimeProvider timeProvider) : Grain, IModelGrain
{
    private readonly ModelScaler _scaler = new();

    /// <inheritdoc/>
    public Task<ScaleRecommendation> Observe(ScaleObservation observation) =>
        Task.FromResult(_scaler.Observe(observation, timeProvider.GetUtcNow()));
}
