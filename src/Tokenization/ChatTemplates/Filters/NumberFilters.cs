using System.Globalization;
using System.Numerics;
using Grid.Tokenization.ChatTemplates.Objects;
using Grid.Tokenization.ChatTemplates.Operations;

namespace Grid.Tokenization.ChatTemplates.Filters;

/// <summary>Filters that make numbers.</summary>
internal static class NumberFilters
{
    public static object? Int(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("int", "default", "base");
        if (value is Undefined undefined) throw undefined.Error();
        if (value is double real) return double.IsFinite(real) ? Numbers.Normalize(new BigInteger(real)) : bound.Get(0, 0L);
        if (Numbers.IsInteger(value)) return Numbers.Normalize(Numbers.ToBig(value));
        if (Values.Text(value)?.Trim(PythonText.Whitespace) is not { } text) return bound.Get(0, 0L);
        if (bound.Integer(1, 10) == 16 && TryHex(text, out var hex)) return hex;
        if (text.Length < 1000
            && BigInteger.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out var number))
            return Numbers.Normalize(number);
        return TryReal(text, out real) && double.IsFinite(real) ? Numbers.Normalize(new BigInteger(real)) : bound.Get(0, 0L);
    }

    public static object? Float(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("float", "default");
        if (value is Undefined undefined) throw undefined.Error();
        if (Numbers.IsNumber(value)) return Numbers.ToDouble(value);
        return Values.Text(value) is { } text && TryReal(text.Trim(PythonText.Whitespace), out var real) ? real : bound.Get(0, 0.0);
    }

    public static object? Round(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("round", "precision", "method");
        var (precision, method) = (bound.Integer(0, 0)!.Value, bound.OptionalText(1) ?? "common");
        if (value is Undefined undefined) throw undefined.Error();
        if (!Numbers.IsNumber(value)) throw new TemplateRuntimeException($"type {Values.TypeName(value)} doesn't define __round__ method");
        if (method is not ("common" or "ceil" or "floor")) throw new TemplateRuntimeException("method must be common, ceil or floor");
        var number = Numbers.ToDouble(value);
        var scale = Math.Pow(10, Math.Clamp(precision, -300, 300));
        object result = method switch
        {
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            _ when precision is >= 0 and <= 15 =>
                double.Parse(number.ToString("F" + precision, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            _ => Math.Round(number * scale) / scale,
        };
        return method == "common" && value is not double ? Numbers.Normalize(new BigInteger((double)result)) : result;
    }

    public static object? Sum(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("sum", "attribute", "start");
        var sum = bound.Get(1, 0L);
        foreach (var item in Values.Iterate(value))
            sum = Operators.Binary("+", sum, bound.Get(0, null) is { } path ? AttributePath.Get(item, path) : item, renderer.Budget);
        return sum;
    }

    private static bool TryReal(string text, out double number) =>
        double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private static bool TryHex(string text, out object? number)
    {
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        var isNumber = long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        number = value;
        return isNumber;
    }
}
