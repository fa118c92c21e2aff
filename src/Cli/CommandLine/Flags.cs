using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Grid.Primitives.Units;

namespace Grid.Cli.CommandLine;

/// <summary>Makes flags whose values are checked while parsing; every error states rule, limit and value.</summary>
internal static class Flags
{
    public static Option<int> Integer(string name, int fallback, int min, int max, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => fallback,
        CustomParser = result =>
            Parse(result, IntegerRule(min, max), (string text, out int value) => TryInteger(text, min, max, out value)),
    };

    public static Option<int?> OptionalInteger(string name, int min, int max, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parse(result, IntegerRule(min, max), (string text, out int? value) =>
        {
            var good = TryInteger(text, min, max, out var number);
            value = number;
            return good;
        }),
    };

    public static Option<long?> OptionalLong(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parse(result, "a whole number of at most 64 bits", (string text, out long? value) =>
        {
            var good = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
            value = number;
            return good;
        }),
    };

    public static Option<double> Number(string name, double fallback, double min, double max, string description) => new(name)
    {
        Description = description,
        HelpName = "X",
        DefaultValueFactory = _ => fallback,
        CustomParser = result =>
            Parse(result, NumberRule(min, max), (string text, out double value) => TryNumber(text, min, max, out value)),
    };

    public static Option<double?> OptionalNumber(string name, double min, double max, string description) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result => Parse(result, NumberRule(min, max), (string text, out double? value) =>
        {
            var good = TryNumber(text, min, max, out var number);
            value = number;
            return good;
        }),
    };

    public static Option<TimeSpan> Duration(string name, string fallback, string description) => new(name)
    {
        Description = $"{description} [default: {fallback}]",
        HelpName = "TIME",
        CustomParser = result =>
            Parse(result, Grid.Primitives.Units.Duration.Rule,
            (string text, out TimeSpan value) => Grid.Primitives.Units.Duration.TryParse(text, out value)),
    };

    public static Option<long?> Bytes(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "BYTES",
        CustomParser = result => Parse(result, ByteSize.Rule, (string text, out long? value) =>
        {
            var good = ByteSize.TryParse(text, out var bytes) && bytes > 0;
            value = bytes;
            return good;
        }),
    };

    public static Option<string> Choice(string name, string fallback, string[] values, string description)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', values),
            DefaultValueFactory = _ => fallback,
            CustomParser = result => Parse(result, $"one of {string.Join(", ", values)}", (string text, out string? value) =>
            {
                value = Array.Find(values, known => known == text);
                return value is not null;
            })!,
        };
        option.CompletionSources.Add(values);
        return option;
    }

    public static Option<string?> Text(string name, string helpName, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = helpName,
    };

    public static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>Runs a parser over a flag's only value and reports a failure as <c>--flag must be RULE; got 'VALUE'.</c></summary>
    public static T? Parse<T>(ArgumentResult result, string rule, TryParser<T> parser)
    {
        var text = result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
        if (parser(text, out var value)) return value;
        var name = result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;
        result.AddError($"{name} must be {rule}; got '{text}'.");
        return default;
    }

    private static string IntegerRule(int min, int max) =>
        max == int.MaxValue ? $"a whole number of at least {min}" : $"a whole number from {min} to {max}";

    private static string NumberRule(double min, double max) => double.IsPositiveInfinity(max)
        ? string.Create(CultureInfo.InvariantCulture, $"a number of at least {min}")
        : string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}");

    private static bool TryInteger(string text, int min, int max, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;

    private static bool TryNumber(string text, double min, double max, out double value)
    {
        if (text is "inf" or "Infinity") value = double.PositiveInfinity;
        else if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return false;
        return value >= min && value <= max;
    }

    /// <summary>Reads a value from its text.</summary>
    internal delegate bool TryParser<T>(string text, out T? value);
}
