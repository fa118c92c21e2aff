using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Operations;

/// <summary>Methods of dict that change nothing.</summary>
internal static class DictMethods
{
    public static Function? Find(TemplateDict dict, string name) => name switch
    {
        "get" => new((_, arguments) =>
        {
            var bound = arguments.Bind("get", "key", "default");
            return bound[0] is { } key && dict.TryGetValue(key, out var value) ? value : bound.Get(1, null);
        }),
        "items" => new((_, arguments) => Checked(arguments, name, Items(dict))),
        "keys" => new((_, arguments) => Checked(arguments, name, dict.Keys.ToList<object?>())),
        "values" => new((_, arguments) => Checked(arguments, name, dict.Values.ToList())),
        "copy" => new((_, arguments) => Checked(arguments, name, new TemplateDict(dict))),
        _ => null,
    };

    public static List<object?> Items(TemplateDict dict) => [.. dict.Select(item => new[] { item.Key, item.Value })];

    private static object Checked(Arguments arguments, string name, object result)
    {
        arguments.Bind(name);
        return result;
    }
}
