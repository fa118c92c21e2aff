namespace Grid.Primitives.Options;

/// <summary>Reads a value from its text.</summary>
internal delegate bool ValueParser<T>(string text, out T value);

/// <summary>How the values of an option are read, written and described.</summary>
/// <typeparam name="T">The type of the option's property.</typeparam>
/// <param name="Form">How a value is written.</param>
/// <param name="Rule">What a value must be, for error messages.</param>
/// <param name="ValueName">The name of the value in help texts.</param>
/// <param name="Parse">Reads a value; false where the text breaks the rule.</param>
/// <param name="Format">Writes a value so that <paramref name="Parse"/> reads the same one; null if nothing is set.</param>
internal sealed record OptionType<T>(OptionForm Form, string Rule, string ValueName, ValueParser<T> Parse, Func<T, string?> Format)
{
    /// <summary>The least number.</summary>
    public double Min { get; init; }

    /// <summary>The greatest number.</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>The names of all choices.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Other names of some choices.</summary>
    public IReadOnlyList<string> Synonyms { get; init; } = [];
}
