using System.Globalization;
using System.Numerics;

namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>Python's arithmetic: integers without overflow, floor division, true values as 0 and 1.</summary>
internal static class Numbers
{
    // Far beyond any template's need, and small enough that no chain of products takes long.
    private const int MaxBits = 4096;

    public static bool IsNumber(object? value) => value is long or bool or double or BigInteger;

    public static bool IsInteger(object? value) => value is long or bool or BigInteger;

    public static object Normalize(BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue) return (long)value;
        return value.GetBitLength() <= MaxBits ? value : throw new TemplateRuntimeException($"an integer has more than {MaxBits} bits");
    }

    public static double ToDouble(object? value) =>
        value is BigInteger big ? (double)big : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    public static BigInteger ToBig(object? value) => value switch
    {
        BigInteger big => big,
        bool flag => flag ? 1 : 0,
        _ => (long)value!,
    };

    /// <summary>An index or count; <paramref name="what"/> names it in the error.</summary>
    public static long ToIndex(object? value, string what) => value switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        BigInteger big => big.Sign < 0 ? long.MinValue : long.MaxValue,
        Undefined undefined => throw undefined.Error(),
        _ => throw new TemplateRuntimeException($"{what} must be an integer, not '{Values.TypeName(value)}'"),
    };

    public static int Compare(object? left, object? right) =>
        IsInteger(left) && IsInteger(right) ? ToBig(left).CompareTo(ToBig(right)) : ToDouble(left).CompareTo(ToDouble(right));

    public static object Apply(string symbol, object left, object right) =>
        IsInteger(left) && IsInteger(right) && symbol != "/" && !(symbol == "**" && ToBig(right).Sign < 0)
            ? Normalize(Apply(symbol, ToBig(left), ToBig(right)))
            : Apply(symbol, ToDouble(left), ToDouble(right));

    private static BigInteger Apply(string symbol, BigInteger left, BigInteger right)
    {
        if (symbol is "//" or "%" && right.IsZero) throw new TemplateRuntimeException("integer division or modulo by zero");
        switch (symbol)
        {
            case "+": return left + right;
            case "-": return left - right;
            case "*": return left * right;
            case "%": return left - right * FloorDivide(left, right);
            case "//": return FloorDivide(left, right);
            default:
                if (left.GetBitLength() * right > MaxBits) throw new TemplateRuntimeException($"an integer has more than {MaxBits} bits");
                return BigInteger.Pow(left, (int)right);
        }
    }

    private static BigInteger FloorDivide(BigInteger left, BigInteger right)
    {
        var quotient = BigInteger.DivRem(left, right, out var remainder);
        return !remainder.IsZero && remainder.Sign != right.Sign ? quotient - 1 : quotient;
    }

    private static double Apply(string symbol, double left, double right)
    {
        if (symbol is "/" or "//" or "%" && right == 0) throw new TemplateRuntimeException("division by zero");
        return symbol switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => left / right,
            "//" => Math.Floor(left / right),
            "%" => left - right * Math.Floor(left / right),
            _ => Math.Pow(left, right),
        };
    }
}
