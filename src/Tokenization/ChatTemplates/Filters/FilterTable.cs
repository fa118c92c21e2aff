using Grid.Tokenization.ChatTemplates.Objects;
using Grid.Tokenization.ChatTemplates.Operations;

namespace Grid.Tokenization.ChatTemplates.Filters;

/// <summary>Jinja's filters by name, with transformers' own <c>tojson</c>.</summary>
internal static class FilterTable
{
    private static readonly Dictionary<string, Filter> Filters = new()
    {
        ["abs"] = (_, value, _) => Operators.Compare("<", value, 0L) ? Operators.Negate(value, isNegative: true) : value,
        ["attr"] = (_, value, arguments) => Members.GetAttributeOnly(value, arguments.Bind("attr", "name").Text(0)),
        ["batch"] = SequenceFilters.Batch,
        ["capitalize"] = (_, value, _) => StringMethods.Capitalize(PythonText.Str(value)),
        ["center"] = TextFilters.Center,
        ["count"] = (_, value, _) => Values.Length(value),
        ["d"] = Default,
        ["default"] = Default,
        ["dictsort"] = SequenceFilters.DictSort,
        ["e"] = Escape,
        ["escape"] = Escape,
        ["first"] = (_, value, _) => Values.Iterate(value) is [var first, ..] ? first : new Undefined("No first item, sequence was empty."),
        ["float"] = NumberFilters.Float,
        ["forceescape"] = (_, value, _) => new Markup(Markup.Escape(PythonText.Str(value))),
        ["format"] = TextFilters.Format,
        ["groupby"] = SequenceFilters.GroupBy,
        ["indent"] = TextFilters.Indent,
        ["int"] = NumberFilters.Int,
        ["items"] = Items,
        ["join"] = SequenceFilters.Join,
        ["last"] = (_, value, _) => Values.Iterate(value) is [.., var last] ? last : new Undefined("No last item, sequence was empty."),
        ["length"] = (_, value, _) => Values.Length(value),
        ["list"] = (_, value, _) => Values.Iterate(value).ToList(),
        ["lower"] = (_, value, _) => PythonText.Str(value).ToLowerInvariant(),
        ["map"] = SelectionFilters.Map,
        ["max"] = (_, value, arguments) => SequenceFilters.Extreme(value, arguments, "max"),
        ["min"] = (_, value, arguments) => SequenceFilters.Extreme(value, arguments, "min"),
        ["reject"] = (renderer, value, arguments) => SelectionFilters.Select(renderer, value, arguments, wanted: false),
        ["rejectattr"] = (renderer, value, arguments) => SelectionFilters.SelectAttribute(renderer, value, arguments, wanted: false),
        ["replace"] = TextFilters.Replace,
        ["reverse"] = SequenceFilters.Reverse,
        ["round"] = NumberFilters.Round,
        ["safe"] = (_, value, _) => value as Markup ?? new Markup(PythonText.Str(value)),
        ["select"] = (renderer, value, arguments) => SelectionFilters.Select(renderer, value, arguments, wanted: true),
        ["selectattr"] = (renderer, value, arguments) => SelectionFilters.SelectAttribute(renderer, value, arguments, wanted: true),
        ["slice"] = SequenceFilters.Slice,
        ["sort"] = SequenceFilters.Sort,
        ["string"] = (_, value, _) => value as Markup as object ?? PythonText.Str(value),
        ["sum"] = NumberFilters.Sum,
        ["title"] = (_, value, _) => TextFilters.Title(PythonText.Str(value)),
        ["tojson"] = TextFilters.ToJson,
        ["trim"] = TextFilters.Trim,
        ["truncate"] = TextFilters.Truncate,
        ["unique"] = SequenceFilters.Unique,
        ["upper"] = (_, value, _) => StringMethods.Upper(PythonText.Str(value)),
        ["urlencode"] = TextFilters.UrlEncode,
        ["wordcount"] = TextFilters.WordCount,
    };

    public delegate object? Filter(IRenderer renderer, object? value, Arguments arguments);

    public static Filter? Find(string name) => Filters.GetValueOrDefault(name);

    private static object? Default(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("default", "default_value", "boolean");
        return value is Undefined || (bound.Flag(1) && !Values.IsTrue(value)) ? bound.Get(0, "") : value;
    }

    private static object Escape(IRenderer renderer, object? value, Arguments arguments) =>
        value as Markup ?? new Markup(Markup.Escape(PythonText.Str(value)));

    private static Generator Items(IRenderer renderer, object? value, Arguments arguments) => value switch
    {
        Undefined => new([]),
        TemplateDict dict => new(DictMethods.Items(dict)),
        _ => throw new TemplateRuntimeException("Can only get item pairs from a mapping."),
    };
}
