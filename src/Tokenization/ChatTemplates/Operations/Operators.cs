using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Operations;

/// <summary>Python's operators on template values.</summary>
internal static class Operators
{
    private const int CharactersPerItem = 64;

    public static object? Binary(string symbol, object? left, object? right, Budget budget)
    {
        if (left is Undefined a) throw a.Error();
        if (symbol == "%" && Values.Text(left) is { } format) return PercentFormat.Apply(format, right, budget);
        if (right is Undefined b) throw b.Error();
        if (Numbers.IsNumber(left) && Numbers.IsNumber(right)) return Numbers.Apply(symbol, left!, right!);
        if (symbol == "+") return Add(left, right, budget);
        if (symbol == "*" && Numbers.IsInteger(right)) return Repeat(left, right, budget) ?? throw Unsupported(symbol, left, right);
        if (symbol == "*" && Numbers.IsInteger(left)) return Repeat(right, left, budget) ?? throw Unsupported(symbol, left, right);
        throw Unsupported(symbol == "**" ? "** or pow()" : symbol, left, right);
    }

    public static object Negate(object? value, bool isNegative)
    {
        if (value is Undefined undefined) throw undefined.Error();
        if (!Numbers.IsNumber(value))
            throw new TemplateRuntimeException($"bad operand type for unary {(isNegative ? '-' : '+')}: '{Values.TypeName(value)}'");
        return Numbers.Apply("*", value!, isNegative ? -1L : 1L);
    }

    public static bool Compare(string symbol, object? left, object? right) => symbol switch
    {
        "==" => PythonEquality.AreEqual(left, right),
        "!=" => !PythonEquality.AreEqual(left, right),
        "in" => Contains(right, left),
        "not in" => !Contains(right, left),
        "<" => Order(left, right, symbol) < 0,
        "<=" => Order(left, right, symbol) <= 0,
        ">" => Order(left, right, symbol) > 0,
        _ => Order(left, right, symbol) >= 0,
    };

    /// <summary>Negative, 0 or positive, as <paramref name="left"/> comes before, with or after <paramref name="right"/>.</summary>
    public static int Order(object? left, object? right, string symbol = "<")
    {
        if (left is Undefined a) throw a.Error();
        if (right is Undefined b) throw b.Error();
        if (Numbers.IsNumber(left) && Numbers.IsNumber(right)) return Numbers.Compare(left, right);
        if (Values.Text(left) is { } text && Values.Text(right) is { } other) return string.CompareOrdinal(text, other);
        return (left, right) switch
        {
            (List<object?> x, List<object?> y) => Order(x, y, symbol),
            (object?[] x, object?[] y) => Order(x, y, symbol),
            _ => throw new TemplateRuntimeException(
                $"'{symbol}' not supported between instances of '{Values.TypeName(left)}' and '{Values.TypeName(right)}'"),
        };
    }

    public static bool Contains(object? container, object? item)
    {
        if (Values.Text(container) is { } text)
        {
            return item is Undefined undefined ? throw undefined.Error()
                : text.Contains(
                Values.Text(item)
                    ?? throw new TemplateRuntimeException($"'in <string>' requires string as left operand, not {Values.TypeName(item)}"),
                    StringComparison.Ordinal);
        }

        if (container is TemplateDict dict) return item is not null && dict.ContainsKey(item);
        var items = Values.TryIterate(container)
            ?? throw new TemplateRuntimeException($"argument of type '{Values.TypeName(container)}' is not iterable");
        return items.Any(other => PythonEquality.AreEqual(other, item));
    }

    /// <summary>The characters that a value is looked through for; an item of a list takes about as long as 64.</summary>
    public static long LengthOf(object? container) =>
        Values.Text(container)?.Length ?? ((container as List<object?>)?.Count ?? 0L) * CharactersPerItem;

    private static object Add(object? left, object? right, Budget budget)
    {
        if (Values.Text(left) is { } a && Values.Text(right) is { } b)
        {
            budget.Copy((long)a.Length + b.Length);
            if (left is not Markup && right is not Markup) return a + b;
            return new Markup((left is Markup ? a : Markup.Escape(a)) + (right is Markup ? b : Markup.Escape(b)));
        }

        switch (left, right)
        {
            case (List<object?> x, List<object?> y):
                budget.Copy(x.Count + y.Count);
                return new List<object?>([.. x, .. y]);
            case (object?[] x, object?[] y):
                budget.Copy(x.Length + y.Length);
                return (object?[])[.. x, .. y];
        }

        var kind = Values.TypeName(left);
        if (kind is "str" or "list" or "tuple")
            throw new TemplateRuntimeException($"can only concatenate {kind} (not \"{Values.TypeName(right)}\") to {kind}");
        throw Unsupported("+", left, right);
    }

    private static object? Repeat(object? value, object? times, Budget budget)
    {
        var count = Math.Clamp(Numbers.ToIndex(times, "a repetition"), 0, Budget.MaxCharacters + 1L);
        if (Values.TryIterate(value) is null || value is TemplateDict or Generator) return null;
        budget.Copy(count * Values.Length(value));
        var repeated = Enumerable.Repeat(value, Values.Length(value) == 0 ? 0 : (int)count);
        return value switch
        {
            List<object?> => repeated.SelectMany(Values.Iterate).ToList(),
            object?[] => repeated.SelectMany(Values.Iterate).ToArray(),
            _ => string.Concat(repeated.Select(Values.Text)),
        };
    }

    private static int Order(IList<object?> left, IList<object?> right, string symbol)
    {
        for (var i = 0; i < left.Count && i < right.Count; i++)
            if (!PythonEquality.AreEqual(left[i], right[i])) return Order(left[i], right[i], symbol);
        return left.Count.CompareTo(right.Count);
    }

    private static TemplateRuntimeException Unsupported(string symbol, object? left, object? right) =>
        new($"unsupported operand type(s) for {symbol}: '{Values.TypeName(left)}' and '{Values.TypeName(right)}'");
}
