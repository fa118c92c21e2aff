namespace Grid.Engine.Models.Configuration;

/// <summary>Which layers see only a window, and how far.</summary>
internal static class SlidingWindowReader
{
    /// <returns>The window, or null; and the layers that have it where not all do.</returns>
    public static (int? Window, IReadOnlyList<bool>? Layers) Read(ConfigObject config, ModelFamily family, int layers)
    {
        var window = Window(config, family);
        if (window is null) return (null, null);
        var sliding = Layers(config, family, layers);
        if (sliding is null || Array.TrueForAll(sliding, slides => slides)) return (window, null);
        return Array.Exists(sliding, slides => slides) ? (window, sliding) : (null, null);
    }

    private static int? Window(ConfigObject config, ModelFamily family)
    {
        if (family.ModelType == "llama") return null;
        if (family.ModelType.StartsWith("qwen", StringComparison.Ordinal) && config.Bool("use_sliding_window") != true) return null;
        var window = config.Mentions("sliding_window") ? config.Int("sliding_window") : family.SlidingWindow;
        return window is null or 0 ? null : config.PositiveInt("sliding_window", window);
    }

    private static bool[]? Layers(ConfigObject config, ModelFamily family, int layers)
    {
        if (config.StringList("layer_types") is { } types)
        {
            if (types.Length != layers) throw new ModelLoadException($"{config.Source}: layer_types must name {layers} layers and names {types.Length}.");
            return [.. types.Select(type => type switch
            {
                "sliding_attention" => true,
                "full_attention" => false,
                _ => throw new ModelLoadException($"{config.Source}: layer_types must hold full_attention or sliding_attention and holds {type}."),
            })];
        }
        if (family.MaxWindowLayers is not { } fallback) return null;
        var firstSliding = config.Int("max_window_layers") ?? fallback;
        return [.. Enumerable.Range(0, layers).Select(layer => layer >= firstSliding)];
    }
}
