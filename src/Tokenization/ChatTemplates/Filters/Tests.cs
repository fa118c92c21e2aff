using Grid.Tokenization.ChatTemplates.Objects;
using Grid.Tokenization.ChatTemplates.Operations;

namespace Grid.Tokenization.ChatTemplates.Filters;

/// <summary>Jinja's tests: <c>value is name(arguments)</c>.</summary>
internal static class Tests
{
    private static readonly Dictionary<string, Test> Named = Create();

    public delegate bool Test(object? value, Arguments arguments);

    public static Test? Find(string name) => Named.GetValueOrDefault(name);

    public static bool Apply(string name, object? value, Arguments arguments) =>
        (Find(name) ?? throw new TemplateRuntimeException($"No test named '{name}'."))(value, arguments);

    private static Dictionary<string, Test> Create()
    {
        var tests = new Dictionary<string, Test>
        {
            ["boolean"] = (value, _) => value is bool,
            ["callable"] = (value, _) => value is Callable,
            ["defined"] = (value, _) => value is not Undefined,
            ["divisibleby"] = (value, arguments) => Remainder(value, arguments.Bind("divisibleby", "num")[0]) == 0,
            ["escaped"] = (value, _) => value is Markup,
            ["even"] = (value, _) => Remainder(value, 2L) == 0,
            ["false"] = (value, _) => value is false,
            ["filter"] = (value, _) => Values.Text(value) is { } name && FilterTable.Find(name) is not null,
            ["float"] = (value, _) => value is double,
            ["in"] = (value, arguments) => Operators.Contains(arguments.Bind("in", "seq")[0], value),
            ["integer"] = (value, _) => Numbers.IsInteger(value) && value is not bool,
            ["iterable"] = (value, _) =>
                value is List<object?> or object?[] or TemplateDict or Generator or Undefined or Callable { ItemCount: not null }
                || Values.Text(value) is not null,
            ["lower"] = (value, _) => StringMethods.Find("islower")!(PythonText.Str(value), Arguments.Empty, new Budget()) is true,
            ["mapping"] = (value, _) => value is TemplateDict,
            ["none"] = (value, _) => value is null,
            ["number"] = (value, _) => Numbers.IsNumber(value),
            ["odd"] = (value, _) => Remainder(value, 2L) == 1,
            ["sameas"] = (value, arguments) => IsSame(value, arguments.Bind("sameas", "other")[0]),
            ["sequence"] = (value, _) => value is List<object?> or object?[] or TemplateDict or Undefined || Values.Text(value) is not null,
            ["string"] = (value, _) => Values.Text(value) is not null,
            ["test"] = (value, _) => Values.Text(value) is { } name && Find(name) is not null,
            ["true"] = (value, _) => value is true,
            ["undefined"] = (value, _) => value is Undefined,
            ["upper"] = (value, _) => StringMethods.Find("isupper")!(PythonText.Str(value), Arguments.Empty, new Budget()) is true,
        };
        Add(tests, "==", "==", "eq", "equalto");
        Add(tests, "!=", "!=", "ne");
        Add(tests, "<", "<", "lt", "lessthan");
        Add(tests, "<=", "<=", "le");
        Add(tests, ">", ">", "gt", "greaterthan");
        Add(tests, ">=", ">=", "ge");
        return tests;
    }

    private static void Add(Dictionary<string, Test> tests, string symbol, params ReadOnlySpan<string> names)
    {
        foreach (var name in names) tests[name] = (value, arguments) => Operators.Compare(symbol, value, arguments.Bind(name, "other")[0]);
    }

    private static long Remainder(object? value, object? divisor)
    {
        if (value is Undefined undefined) throw undefined.Error();
        if (!Numbers.IsInteger(value) || !Numbers.IsInteger(divisor))
            throw new TemplateRuntimeException("not all arguments converted during string formatting");
        return (long)Numbers.Apply("%", value!, divisor!);
    }

    private static bool IsSame(object? value, object? other) => (value, other) switch
    {
        (bool a, bool b) => a == b,
        (long a, long b) => a == b,
        (string a, string b) => a == b,
        _ => ReferenceEquals(value, other),
    };
}
