namespace Grid.Primitives.Options;

/// <summary>The values of an enum and their names in flags, grid.yaml and JSON.</summary>
/// <param name="choices">Each value with its name.</param>
public sealed class OptionChoices<T>(params (T Value, string Name)[] choices)
    where T : struct, Enum
{
    /// <summary>Other names of the same values, such as vLLM's.</summary>
    public IReadOnlyDictionary<string, T> Synonyms { get; init; } = new Dictionary<string, T>();

    /// <summary>The names in the order of the help text.</summary>
    public IReadOnlyList<string> Names { get; } = [.. choices.Select(choice => choice.Name)];

    /// <summary>The name of a value.</summary>
    public string NameOf(T value) => Array.Find(choices, choice => choice.Value.Equals(value)).Name ?? value.ToString();

    /// <summary>Reads a name or a synonym.</summary>
    public bool TryParse(string name, out T value)
    {
        if (Synonyms.TryGetValue(name, out value)) return true;
        var found = Array.FindIndex(choices, choice => choice.Name == name);
        if (found >= 0) value = choices[found].Value;
        return found >= 0;
    }

    /// <summary>Reads a name or a synonym.</summary>
    /// <exception cref="FormatException">There is no such choice.</exception>
    public T Parse(string name) => TryParse(name, out var value)
        ? value : throw new FormatException($"The value must be one of {string.Join(", ", Names)}; got '{name}'.");
}
