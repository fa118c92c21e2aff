using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Rendering;

/// <summary>The variable <c>loop</c>; callable in a recursive loop.</summary>
/// <param name="items">What the loop goes through, its condition applied.</param>
/// <param name="depth0">Loops of the same recursion around it.</param>
/// <param name="recurse">Runs the loop on other items; null where it is not recursive.</param>
internal sealed class LoopContext(IReadOnlyList<object?> items, int depth0, Func<object?, int, string>? recurse) : Callable
{
    private object? _changed = new Undefined("");

    public int Index0 { get; set; }

    public override string TypeName => "LoopContext";

    public override int? ItemCount => items.Count;

    private int Length => items.Count;

    public override object? Call(IRenderer renderer, Arguments arguments)
    {
        if (recurse is null) throw new TemplateRuntimeException("The loop must have the 'recursive' marker to be called recursively.");
        return recurse(arguments.Bind("loop", "iterable")[0], depth0 + 1);
    }

    public override object? GetAttribute(string name) => name switch
    {
        "index" => Index0 + 1L,
        "index0" => (long)Index0,
        "revindex" => (long)(Length - Index0),
        "revindex0" => Length - Index0 - 1L,
        "first" => Index0 == 0,
        "last" => Index0 == Length - 1,
        "length" => (long)Length,
        "depth" => depth0 + 1L,
        "depth0" => (long)depth0,
        "previtem" => Index0 > 0 ? items[Index0 - 1] : new Undefined("there is no previous item"),
        "nextitem" => Index0 + 1 < Length ? items[Index0 + 1] : new Undefined("there is no next item"),
        "cycle" => new Function((_, arguments) => arguments.Positional.Count > 0
            ? arguments.Positional[Index0 % arguments.Positional.Count]
            : throw new TemplateRuntimeException("no items for cycling given")),
        "changed" => new Function((_, arguments) => Changed([.. arguments.Positional])),
        _ => new Undefined($"'jinja2.runtime.LoopContext object' has no attribute '{name}'"),
    };

    private object Changed(object?[] value)
    {
        if (PythonEquality.AreEqual(_changed, value)) return false;
        _changed = value;
        return true;
    }
}
