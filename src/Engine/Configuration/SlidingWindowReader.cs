namespace Grid.Engine.Configuration;

/// <summary>Which layers see only a window, and how far.</summary>
internal static class SlidingWindowReader
{
    /// <param name="config">The configuration of a family that knows windows.</param>
    /// <param name="defaultWindow">The window where the file does not mention one, in tokens.</param>
    /// <param name="defaultFirst">The first layer with a window where the file does not say, from 0; null: layers do not differ.</param>
    /// <param name="layers">Layers of the model.</param>
    /// <returns>The window, or null; and the layers that have it where not all do.</returns>
    public static (int? Window, IReadOnlyList<bool>? Layers) Read(ConfigObject config, int? defaultWindow, int? defaultFirst, int layers)
    {
        var window = config.Mentions("sliding_window") ? config.Int("sliding_window") : defaultWindow;
        if (window is null or 0) return (null, null);
        window = config.PositiveInt("sliding_window", window);
        var sliding = Layers(config, defaultFirst, layers);
        if (sliding is null || Array.TrueForAll(sliding, slides => slides)) return (window, null);
        return Array.Exists(sliding, slides => slides) ? (window, sliding) : (null, null);
    }

    private static bool[]? Layers(ConfigObject config, int? defaultFirst, int layers)
    {
        if (config.StringList("layer_types") is { } types)
        {
            if (types.Length != layers)
                throw new ModelLoadException($"{config.Source}: layer_types must name {layers} layers; got {types.Length}.");
            return [.. types.Select(type => type switch
            {
                "sliding_attention" => true,
                "full_attention" => false,
                _ => throw new ModelLoadException(
                    $"{config.Source}: layer_types must hold full_attention or sliding_attention; got {type}."),
            })];
        }
        if (defaultFirst is not { } fallback) return null;
        var firstSliding = config.Int("max_window_layers") ?? fallback;
        return [.. Enumerable.Range(0, layers).Select(layer => layer >= firstSliding)];
    }
}
