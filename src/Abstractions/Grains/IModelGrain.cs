using Grid.Abstractions.Models;

namespace Grid.Abstractions.Grains;

/// <summary>One model, keyed by its name. It owns the windows of the model's autoscaler.</summary>
[Alias("grid.IModelGrain")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>Looks at the load of the model and recommends a number of replicas.</summary>
    [Alias("Observe")]
    Task<ScaleRecommendation> Observe(ScaleObservation observation);
}
