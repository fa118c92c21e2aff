namespace Grid.Engine.Kernels.Cpu;

/// <summary>Gauss' error function, which .NET does not have.</summary>
internal static class ErrorFunction
{
    private const int Terms = 60;

    /// <summary>1 - erf(x), to better than float32 where it is multiplied by x: a series near 0, a continued fraction beyond.</summary>
    public static double Complement(double x)
    {
        var size = Math.Abs(x);
        if (double.IsNaN(x)) return x;
        var tail = size < 2.5 ? 1 - Series(size) : size < 27 ? Fraction(size) : 0;
        return x >= 0 ? tail : 2 - tail;
    }

    private static double Series(double x)
    {
        double term = x, sum = x;
        for (var n = 1; n < Terms; n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return sum * 2 / Math.Sqrt(Math.PI);
    }

    private static double Fraction(double x)
    {
        var fraction = x;
        for (var n = Terms; n > 0; n--) fraction = x + n / 2.0 / fraction;
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
    }
}
