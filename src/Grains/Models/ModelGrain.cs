using Grid.Abstractions.Grains;
using Grid.Abstractions.Models;

namespace Grid.Grains.Models;

/// <inheritdoc cref="IModelGrain"/>
internal sealed class ModelGrain(TimeProvider timeProvider) : Grain, IModelGrain
{
    private readonly ModelReconciler _reconciler = new();

    /// <inheritdoc/>
    public Task<ModelWish> Reconcile(ModelObservation observation) => Task.FromResult(_reconciler.Reconcile(observation, timeProvider.GetUtcNow()));
}
