namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>A value that can be called.</summary>
internal abstract class Callable
{
    /// <summary>The name of its type in Python's error messages.</summary>
    public virtual string TypeName => "builtin_function_or_method";

    /// <summary>What Jinja's error messages call it.</summary>
    public virtual string Description => $"{TypeName} object";

    /// <summary>How many items it has where it can be iterated over; null: it cannot.</summary>
    public virtual int? ItemCount => null;

    public abstract object? Call(IRenderer renderer, Arguments arguments);

    /// <summary>An attribute, or null where it has none of that name.</summary>
    public virtual object? GetAttribute(string name) => null;
}
