using System.Text.Json;
using Grid.Abstractions.Configuration;

namespace Grid.Grains.Models;

/// <summary>Whether two specifications say the same; records compare their arrays and dictionaries by reference.</summary>
internal static class SpecEquality
{
    /// <summary>Compares the content.</summary>
    public static bool Same(ModelSpec left, ModelSpec right) =>
        ReferenceEquals(left, right) || JsonSerializer.Serialize(Ordered(left)) == JsonSerializer.Serialize(Ordered(right));

    private static object Ordered(ModelSpec spec) => new
    {
        Spec = spec with { Engine = null, Placement = null },
        Engine = spec.Engine?.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray(),
        Selector = spec.Placement?.NodeSelector?.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray(),
        spec.Placement?.Spread,
        spec.Placement?.Priority,
    };
}
