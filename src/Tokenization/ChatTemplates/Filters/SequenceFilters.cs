using Grid.Tokenization.ChatTemplates.Objects;
using Grid.Tokenization.ChatTemplates.Operations;

namespace Grid.Tokenization.ChatTemplates.Filters;

/// <summary>Filters that order, cut and join sequences.</summary>
internal static class SequenceFilters
{
    private static readonly IComparer<object?> Order = Comparer<object?>.Create((a, b) => Operators.Order(a, b));

    public static object? Join(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("join", "d", "attribute");
        var items = Values.Iterate(value);
        renderer.Budget.Step(items.Count);
        var parts = bound.Get(1, null) is { } path
            ? items.Select(item => PythonText.Str(AttributePath.Get(item, path)))
            : items.Select(PythonText.Str);
        return StringMethods.Join(PythonText.Str(bound.Get(0, "")), [.. parts], renderer.Budget);
    }

    public static object? Reverse(IRenderer renderer, object? value, Arguments arguments)
    {
        if (Values.Text(value) is { } text) return CodePoints.Slice(text, null, null, -1);
        return new Generator([.. Values.Iterate(value).Reverse()]);
    }

    public static object? Sort(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("sort", "reverse", "case_sensitive", "attribute");
        return Sorted(renderer, Values.Iterate(value), item => SortKey(item, bound.Get(2, null), bound.Flag(1)), bound.Flag(0));
    }

    public static object? DictSort(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("dictsort", "case_sensitive", "by", "reverse");
        if (value is Undefined undefined) throw undefined.Error();
        if (value is not TemplateDict dict)
            throw new TemplateRuntimeException($"'{Values.TypeName(value)} object' has no attribute 'items'");
        var position = bound.OptionalText(1) switch
        {
            null or "key" => 0,
            "value" => 1,
            _ => throw new TemplateRuntimeException("You can only sort by either \"key\" or \"value\""),
        };
        return Sorted(renderer, DictMethods.Items(dict), item => Fold(((object?[])item!)[position], bound.Flag(0)), bound.Flag(2));
    }

    public static object? Unique(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("unique", "case_sensitive", "attribute");
        var seen = new HashSet<object>(PythonEquality.Instance);
        var isNoneSeen = false;
        return new Generator(
            [.. Values.Iterate(value)
            .Where(item =>
            SortKey(item, bound.Get(1, null), bound.Flag(0)) is { } key ? seen.Add(key) : !isNoneSeen && (isNoneSeen = true))]);
    }

    public static object? Extreme(object? value, Arguments arguments, string name)
    {
        var bound = arguments.Bind(name, "case_sensitive", "attribute");
        var items = Values.Iterate(value);
        if (items.Count == 0) return new Undefined("No aggregated item, sequence was empty.");
        var best = items[0];
        foreach (var item in items)
        {
            var order = Operators.Order(Key(item), Key(best));
            if (name == "min" ? order < 0 : order > 0) best = item;
        }

        return best;

        object? Key(object? item) => SortKey(item, bound.Get(1, null), bound.Flag(0));
    }

    public static object? GroupBy(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("groupby", "attribute", "default", "case_sensitive");
        var (path, fallback) = (bound[0], bound.Get(1, null));
        var sorted = Sorted(renderer, Values.Iterate(value), Key, isReversed: false);
        List<object?> groups = [];
        List<object?>? group = null;
        object? last = null;
        foreach (var item in sorted)
        {
            var key = Key(item);
            if (group is null || !PythonEquality.AreEqual(key, last))
            {
                group = [];
                groups.Add(new[] { AttributePath.Get(item, path, fallback), group });
                last = key;
            }

            group.Add(item);
        }

        return groups;

        object? Key(object? item) => Fold(AttributePath.Get(item, path, fallback), bound.Flag(2));
    }

    public static object? Batch(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("batch", "linecount", "fill_with");
        var size = (int)Math.Clamp(bound.Integer(0), 1, int.MaxValue);
        var batches = Values.Iterate(value).Chunk(size).Select(items => items.ToList()).ToList();
        if (bound.Get(1, null) is { } filler && batches.Count > 0) Fill(batches[^1], size, filler, renderer.Budget);
        return new Generator([.. batches]);
    }

    public static object? Slice(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("slice", "slices", "fill_with");
        var items = Values.Iterate(value);
        var count = bound.Integer(0);
        if (count < 1) throw new TemplateRuntimeException("integer division or modulo by zero");
        renderer.Budget.Step(count);
        var (each, extra) = Math.DivRem(items.Count, count);
        List<object?> slices = [];
        var taken = 0;
        for (var i = 0; i < count; i++)
        {
            var size = (int)(each + (i < extra ? 1 : 0));
            List<object?> slice = [.. items.Skip(taken).Take(size)];
            taken += size;
            if (bound.Get(1, null) is { } filler && extra > 0) Fill(slice, (int)each + 1, filler, renderer.Budget);
            slices.Add(slice);
        }

        return new Generator(slices);
    }

    private static List<object?> Sorted(IRenderer renderer, IReadOnlyList<object?> items, Func<object?, object?> key, bool isReversed)
    {
        renderer.Budget.Step(items.Count * 4L);
        try
        {
            // Both directions are stable, as Python's sorted is.
            return isReversed ? [.. items.OrderByDescending(key, Order)] : [.. items.OrderBy(key, Order)];
        }
        catch (InvalidOperationException error) when (error.InnerException is TemplateRuntimeException inner)
        {
            throw inner;
        }
    }

    private static object? SortKey(object? item, object? path, bool isCaseSensitive)
    {
        if (path is null) return Fold(item, isCaseSensitive);
        if (Values.Text(path) is not { } text || !text.Contains(',')) return Fold(AttributePath.Get(item, path), isCaseSensitive);
        return text.Split(',').Select(part => Fold(AttributePath.Get(item, part), isCaseSensitive)).ToArray();
    }

    private static object? Fold(object? value, bool isCaseSensitive) =>
        !isCaseSensitive && Values.Text(value) is { } text ? text.ToLowerInvariant() : value;

    private static void Fill(List<object?> items, int size, object? filler, Budget budget)
    {
        budget.Copy(size);
        while (items.Count < size) items.Add(filler);
    }
}
