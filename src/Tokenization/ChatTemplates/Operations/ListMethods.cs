using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Operations;

/// <summary>Methods of list and tuple that change nothing.</summary>
internal static class ListMethods
{
    public static Function? Find(IReadOnlyList<object?> items, string name) => name switch
    {
        "count" => new((_, arguments) =>
        {
            var wanted = arguments.Bind(name, "value")[0];
            return (long)items.Count(item => PythonEquality.AreEqual(item, wanted));
        }),
        "index" => new((_, arguments) =>
        {
            var wanted = arguments.Bind(name, "value")[0];
            for (var i = 0; i < items.Count; i++)
                if (PythonEquality.AreEqual(items[i], wanted)) return (long)i;
            throw new TemplateRuntimeException($"{PythonText.Repr(wanted)} is not in list");
        }),
        "copy" when items is List<object?> => new((_, _) => items.ToList()),
        _ => null,
    };
}
