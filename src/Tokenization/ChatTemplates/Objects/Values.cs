using System.Numerics;

namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>
/// Python's view of values. None is null; int is long or BigInteger; float is double; str is string or <see cref="Markup"/>;
/// list is a List, tuple an array, dict a <see cref="TemplateDict"/>.
/// </summary>
internal static class Values
{
    /// <summary>The text of a str, null for anything else.</summary>
    public static string? Text(object? value) => value as string ?? (value as Markup)?.Text;

    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        BigInteger number => !number.IsZero,
        string text => text.Length > 0,
        Markup markup => markup.Text.Length > 0,
        List<object?> list => list.Count > 0,
        object?[] tuple => tuple.Length > 0,
        TemplateDict dict => dict.Count > 0,
        _ => true,
    };

    public static string TypeName(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        long or BigInteger => "int",
        double => "float",
        string => "str",
        Markup => "Markup",
        List<object?> => "list",
        object?[] => "tuple",
        TemplateDict => "dict",
        Generator => "generator",
        TemplateNamespace => "Namespace",
        Callable callable => callable.TypeName,
        _ => value.GetType().Name,
    };

    /// <summary>What a <c>for</c> goes through; characters of a str are code points.</summary>
    public static IReadOnlyList<object?> Iterate(object? value) => TryIterate(value)
        ?? throw new TemplateRuntimeException($"'{TypeName(value)}' object is not iterable");

    /// <summary>As <see cref="Iterate"/>, null where Python has no iteration.</summary>
    public static IReadOnlyList<object?>? TryIterate(object? value) => value switch
    {
        List<object?> list => list,
        object?[] tuple => tuple,
        TemplateDict dict => dict.Keys,
        Generator generator => generator.Take(),
        Undefined => [],
        _ => Text(value) is { } text ? CodePoints.Characters(text) : null,
    };

    public static long Length(object? value) => value switch
    {
        List<object?> list => list.Count,
        object?[] tuple => tuple.Length,
        TemplateDict dict => dict.Count,
        Callable { ItemCount: { } count } => count,
        Undefined => 0,
        _ => Text(value) is { } text
            ? CodePoints.Length(text)
            : throw new TemplateRuntimeException($"object of type '{TypeName(value)}' has no len()"),
    };
}
