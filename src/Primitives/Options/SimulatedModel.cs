namespace Grid.Primitives.Options;

/// <summary>The model that has no files and is only simulated.</summary>
public static class SimulatedModel
{
    /// <summary>Its name in place of a folder, a file or a name on the hub.</summary>
    public const string Source = "sim";

    /// <summary>Whether a model's source is this one.</summary>
    public static bool Is(string source) => source == Source;
}
