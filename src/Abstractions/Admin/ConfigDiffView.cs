using Grid.Abstractions.Configuration;

namespace Grid.Abstractions.Admin;

/// <summary>What a configuration would change.</summary>
/// <param name="Version">In force; 0: none.</param>
/// <param name="Changed">Whether there is any difference, scaled models included.</param>
/// <param name="Grid">Outside of models.</param>
/// <param name="Models">By name.</param>
/// <param name="Scaled">Models whose number was set by grid scale.</param>
public sealed record ConfigDiffView(long Version, bool Changed, FieldChange[] Grid, ModelChange[] Models, ScaledModel[] Scaled);
