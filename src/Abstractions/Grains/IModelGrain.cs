using Grid.Abstractions.Models;

namespace Grid.Abstractions.Grains;

/// <summary>One model, keyed by its name: which replicas are to exist. Reconciliation, rollouts, autoscaling.</summary>
[Alias("grid.IModelGrain")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>Decides from the whole of what is known; repeating it changes nothing.</summary>
    [Alias("Reconcile")]
    Task<ModelWish> Reconcile(ModelObservation observation);
}
