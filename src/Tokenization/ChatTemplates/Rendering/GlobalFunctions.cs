using Grid.Tokenization.ChatTemplates.Objects;
using Grid.Tokenization.ChatTemplates.Operations;

namespace Grid.Tokenization.ChatTemplates.Rendering;

/// <summary>Functions that every template knows: Jinja's and the two of transformers.</summary>
internal static class GlobalFunctions
{
    // The bound of Jinja's sandbox.
    private const int MaxRange = 100_000;

    /// <summary>The outermost scope; nothing sets variables in it after this.</summary>
    public static Scope Scope { get; } = Create();

    private static Scope Create()
    {
        var scope = new Scope(null);
        scope.Set("range", new Function((_, arguments) => Range(arguments)));
        scope.Set("dict", new Function((_, arguments) => Dict(arguments)));
        scope.Set("namespace", new Function((_, arguments) => new TemplateNamespace(Dict(arguments))));
        scope.Set("raise_exception", new Function((_, arguments) =>
            throw new TemplateRuntimeException(PythonText.Str(arguments.Bind("raise_exception", "message")[0]), isRaised: true)));
        scope.Set("strftime_now", new Function((renderer, arguments) =>
            StrfTime.Format(renderer.Clock.GetLocalNow(), arguments.Bind("strftime_now", "format").Text(0))));
        scope.Set("joiner", new Function((_, arguments) => Joiner(PythonText.Str(arguments.Bind("joiner", "sep").Get(0, ", ")))));
        return scope;
    }

    private static List<object?> Range(Arguments arguments)
    {
        var bound = arguments.Bind("range", "start", "stop", "step");
        var (start, stop) = bound.Has(1) ? (bound.Integer(0), bound.Integer(1)) : (0, bound.Integer(0));
        var step = bound.Integer(2, 1)!.Value;
        if (step == 0) throw new TemplateRuntimeException("range() arg 3 must not be zero");
        var distance = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        var count = distance <= 0 ? 0 : (distance - 1) / Int128.Abs(step) + 1;
        if (count > MaxRange)
            throw new TemplateRuntimeException($"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MaxRange}).");
        var items = new List<object?>((int)count);
        for (var i = 0; i < count; i++) items.Add(start + i * step);
        return items;
    }

    private static TemplateDict Dict(Arguments arguments)
    {
        var dict = new TemplateDict();
        foreach (var argument in arguments.Positional)
        {
            if (argument is Undefined undefined) throw undefined.Error();
            foreach (var item in argument is TemplateDict other ? DictMethods.Items(other) : Values.Iterate(argument))
            {
                if (Values.Iterate(item) is not [{ } key, var value])
                    throw new TemplateRuntimeException("dictionary update sequence elements must be pairs");
                dict[key] = value;
            }
        }

        foreach (var (name, value) in arguments.Keyword) dict[name] = value;
        return dict;
    }

    private static Function Joiner(string separator)
    {
        var isUsed = false;
        return new((_, _) =>
        {
            var text = isUsed ? separator : "";
            isUsed = true;
            return text;
        });
    }
}
