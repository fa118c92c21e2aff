namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>Arguments in the order of a function's parameters.</summary>
internal readonly struct BoundArguments(string function, string[] parameters, object?[] values, bool[] isGiven)
{
    public bool Has(int index) => isGiven[index];

    /// <summary>A required argument.</summary>
    public object? this[int index] => isGiven[index] ? values[index]
        : throw new TemplateRuntimeException($"{function}() missing 1 required positional argument: '{parameters[index]}'");

    public object? Get(int index, object? fallback) => isGiven[index] ? values[index] : fallback;

    public bool Flag(int index, bool fallback = false) => isGiven[index] ? Values.IsTrue(values[index]) : fallback;

    public long Integer(int index) => Numbers.ToIndex(this[index], $"{function}() argument '{parameters[index]}'");

    public long? Integer(int index, long? fallback) => isGiven[index] && values[index] is not null ? Integer(index) : fallback;

    /// <summary>A str; other kinds are an error.</summary>
    public string Text(int index) => this[index] is Undefined undefined ? throw undefined.Error()
        : Values.Text(this[index])
        ?? throw new TemplateRuntimeException(
        $"{function}() argument '{parameters[index]}' must be str, not {Values.TypeName(values[index])}");

    /// <summary>A str, or null where it is not given or None.</summary>
    public string? OptionalText(int index) => isGiven[index] && values[index] is not null ? Text(index) : null;
}
