using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Filters;

/// <summary>Filters that take a filter or a test by name.</summary>
internal static class SelectionFilters
{
    public static object? Map(IRenderer renderer, object? value, Arguments arguments)
    {
        if (!Values.IsTrue(value)) return new Generator([]);
        var items = Values.Iterate(value);
        renderer.Budget.Step(items.Count);
        if (arguments.Positional.Count == 0 && arguments.Keyword.TryGetValue("attribute", out var path))
        {
            foreach (var name in arguments.Keyword.Keys)
                if (name is not ("attribute" or "default")) throw new TemplateRuntimeException($"Unexpected keyword argument '{name}'");
            var fallback = arguments.Keyword.GetValueOrDefault("default");
            return new Generator([.. items.Select(item => AttributePath.Get(item, path, fallback))]);
        }

        var filter = Name(arguments, 0, "map requires a filter argument");
        var rest = arguments.Skip(1);
        return new Generator([.. items.Select(item => renderer.ApplyFilter(filter, item, rest))]);
    }

    public static object? Select(IRenderer renderer, object? value, Arguments arguments, bool wanted) =>
        Select(renderer, value, arguments, wanted, item => item);

    public static object? SelectAttribute(IRenderer renderer, object? value, Arguments arguments, bool wanted)
    {
        if (arguments.Positional.Count == 0) throw new TemplateRuntimeException("Missing parameter for attribute name");
        var path = arguments.Positional[0];
        return Select(renderer, value, arguments.Skip(1), wanted, item => AttributePath.Get(item, path));
    }

    private static Generator Select(IRenderer renderer, object? value, Arguments arguments, bool wanted, Func<object?, object?> subject)
    {
        if (!Values.IsTrue(value)) return new([]);
        var items = Values.Iterate(value);
        renderer.Budget.Step(items.Count);
        if (arguments.Positional.Count == 0) return new([.. items.Where(item => Values.IsTrue(subject(item)) == wanted)]);
        var test = Name(arguments, 0, "a test needs a name");
        var rest = arguments.Skip(1);
        return new([.. items.Where(item => Tests.Apply(test, subject(item), rest) == wanted)]);
    }

    private static string Name(Arguments arguments, int index, string error) =>
        (arguments.Positional.Count > index ? Values.Text(arguments.Positional[index]) : null) ?? throw new TemplateRuntimeException(error);
}
