using Grid.Abstractions.Configuration;

namespace Grid.Abstractions.Admin;

/// <summary>What a configuration would change.</summary>
/// <param name="Version">The version in force; 0 if there is none.</param>
/// <param name="Changed">Whether there is any difference, scaled models included.</param>
/// <param name="Grid">Changes outside of models.</param>
/// <param name="Models">The models, sorted by name.</param>
/// <param name="Scaled">Models whose number of replicas was set by grid scale.</param>
public sealed record ConfigDiffView(long Version, bool Changed, FieldChange[] Grid, ModelChange[] Models, ScaledModel[] Scaled);
