namespace Grid.Grains.Store;

/// <summary>Where models come from.</summary>
internal static class ModelSources
{
    /// <summary>The source of a simulated model, which needs no files.</summary>
    public const string Simulated = "sim";
}
