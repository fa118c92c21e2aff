namespace Grid.Primitives.Options;

/// <summary>Where a model comes from: a folder, a .gguf file, owner/name on the hub, or <see cref="Simulated"/>.</summary>
public static class ModelSource
{
    /// <summary>The source of a model that is simulated and has no files.</summary>
    public const string Simulated = "sim";

    /// <summary>Whether a source names the simulated model.</summary>
    public static bool IsSimulated(string source) => source == Simulated;
}
