using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Operations;

/// <summary>Jinja's <c>a.b</c> and <c>a[b]</c> in the immutable sandbox.</summary>
internal static class Members
{
    private static readonly HashSet<string> ListMutators = ["append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove"];
    private static readonly HashSet<string> DictMutators = ["clear", "pop", "popitem", "setdefault", "update"];

    /// <summary><c>target.name</c>: attributes first, then items.</summary>
    public static object? GetAttribute(object? target, string name)
    {
        if (target is Undefined undefined) throw undefined.Error();
        return TryAttribute(target, name, out var value) || TryItem(target, name, out value) ? value : Missing(target, name);
    }

    /// <summary><c>target[key]</c>: items first, then attributes.</summary>
    public static object? GetItem(object? target, object? key)
    {
        if (target is Undefined undefined) throw undefined.Error();
        if (TryItem(target, key, out var value)) return value;
        if (Values.Text(key) is { } name) return TryAttribute(target, name, out value) ? value : Missing(target, name);
        return new Undefined($"{Describe(target)} has no element {PythonText.Repr(key)}");
    }

    /// <summary>An attribute alone, as the filter <c>attr</c> wants it.</summary>
    public static object? GetAttributeOnly(object? target, string name) =>
        TryAttribute(target, name, out var value) ? value : Missing(target, name);

    public static object? Slice(object? target, object? start, object? stop, object? step)
    {
        var (first, last, stride) = (Bound(start), Bound(stop), Bound(step));
        if (Values.Text(target) is { } text) return CodePoints.Slice(text, first, last, stride);
        switch (target)
        {
            case Undefined undefined: throw undefined.Error();
            case List<object?> list: return Take(list, first, last, stride).ToList();
            case object?[] tuple: return Take(tuple, first, last, stride).ToArray();
            default:
                return new Undefined(
                $"{Describe(target)} has no element slice({PythonText.Repr(start)}, {PythonText.Repr(stop)}, {PythonText.Repr(step)})");
        }
    }

    private static bool TryAttribute(object? target, string name, out object? value)
    {
        if (name.StartsWith("__", StringComparison.Ordinal) || IsMutator(target, name))
        {
            value = new Undefined($"access to attribute '{name}' of '{Values.TypeName(target)}' object is unsafe.");
            return true;
        }

        value = target switch
        {
            string or Markup => StringMethods.Find(name) is { } method ? Bind(target, method) : null,
            TemplateDict dict => DictMethods.Find(dict, name),
            List<object?> or object?[] => ListMethods.Find(Values.Iterate(target), name),
            TemplateNamespace members => members.Members.TryGetValue(name, out var member) ? member : null,
            Callable callable => callable.GetAttribute(name),
            _ => null,
        };
        return value is not null || (target is TemplateNamespace known && known.Members.ContainsKey(name));
    }

    private static bool TryItem(object? target, object? key, out object? value)
    {
        value = null;
        switch (target)
        {
            case TemplateDict dict:
                return key is not null && dict.TryGetValue(key, out value);
            case List<object?> or object?[] when Numbers.IsInteger(key):
                var items = Values.Iterate(target);
                var index = Numbers.ToIndex(key, "an index");
                if (index < 0) index += items.Count;
                if (index < 0 || index >= items.Count) return false;
                value = items[(int)index];
                return true;
            case string or Markup when Numbers.IsInteger(key):
                value = CodePoints.At(Values.Text(target)!, Numbers.ToIndex(key, "an index"));
                return value is not null;
            default:
                return false;
        }
    }

    private static bool IsMutator(object? target, string name) => target switch
    {
        List<object?> => ListMutators.Contains(name),
        TemplateDict => DictMutators.Contains(name),
        _ => false,
    };

    private static Function Bind(object target, StringMethods.Method method) => new((renderer, arguments) =>
    {
        var subject = Values.Text(target)!;
        renderer.Budget.Scan(subject.Length);
        var result = method(subject, arguments, renderer.Budget);
        if (target is not Markup) return result;
        return result switch
        {
            string text => new Markup(text),
            List<object?> parts => parts.Select(part => part is string text ? new Markup(text) : part).ToList(),
            _ => result,
        };
    });

    private static IEnumerable<object?> Take(IList<object?> items, long? start, long? stop, long? step)
    {
        var (first, count) = SliceRange.Of(items.Count, start, stop, step);
        for (var i = 0; i < count; i++) yield return items[(int)(first + i * (step ?? 1))];
    }

    private static long? Bound(object? value) => value is null ? null : Numbers.ToIndex(value, "a slice index");

    private static Undefined Missing(object? target, string name) => new($"'{Describe(target)}' has no attribute '{name}'");

    private static string Describe(object? target) => target switch
    {
        null => "None",
        TemplateNamespace => "jinja2.utils.Namespace object",
        Callable callable => callable.Description,
        _ => $"{Values.TypeName(target)} object",
    };
}
