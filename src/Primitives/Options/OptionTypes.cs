using System.Globalization;
using Grid.Primitives.Units;

namespace Grid.Primitives.Options;

/// <summary>The types of values that engine options have.</summary>
internal static class OptionTypes
{
    /// <summary>A text that is not empty.</summary>
    public static OptionType<string?> Text(string valueName) => new(OptionForm.Text, "a text", valueName, TryText, text => text);

    /// <summary>A file or folder, or one of some words.</summary>
    public static OptionType<string?> FileOrFolder(string valueName, params string[] choices) =>
        new(OptionForm.Path, "a path", valueName, TryText, text => text) { Choices = choices };

    /// <summary>True or false.</summary>
    public static OptionType<bool> Switch { get; } =
        new(OptionForm.Switch, "true or false", "", TrySwitch, value => value ? "true" : "false");

    /// <summary>A whole number in a range.</summary>
    public static OptionType<int> Integer(int min, int max)
    {
        var rule = max == int.MaxValue ? $"a whole number of at least {min}" : $"a whole number from {min} to {max}";
        return new OptionType<int>(OptionForm.Integer, rule, "N", TryInteger, value => value.ToString(CultureInfo.InvariantCulture))
        {
            Min = min,
            Max = max,
        };

        bool TryInteger(string text, out int value) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;
    }

    /// <summary>A whole number of 64 bits.</summary>
    public static OptionType<long> Long { get; } = new(
        OptionForm.Integer, "a whole number of at most 64 bits", "N", TryLong, value => value.ToString(CultureInfo.InvariantCulture))
    {
        Min = long.MinValue,
        Max = long.MaxValue,
    };

    /// <summary>A number in a range.</summary>
    public static OptionType<double> Number(double min, double max)
    {
        var rule = string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}");
        return new OptionType<double>(OptionForm.Number, rule, "X", TryNumber, value => value.ToString(CultureInfo.InvariantCulture))
        {
            Min = min,
            Max = max,
        };

        bool TryNumber(string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;
    }

    /// <summary>A size of at least one byte.</summary>
    public static OptionType<long> Bytes { get; } =
        new(OptionForm.Bytes, ByteSize.Rule, "BYTES", TryBytes, value => value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A duration longer than zero.</summary>
    public static OptionType<TimeSpan> Time { get; } =
        new(OptionForm.Duration, "a duration above 0s, such as 250ms, 30s, 5m or 1h", "TIME", TryTime, Duration.Format);

    /// <summary>A length in tokens.</summary>
    public static OptionType<int> Length { get; } = new(
        OptionForm.Length, TokenLength.Rule, "N", TokenLength.TryParse, value => value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whole numbers of at least 1 with commas between them.</summary>
    public static OptionType<IReadOnlyList<int>?> Numbers { get; } = new(
        OptionForm.Numbers,
        "whole numbers of at least 1 with commas between them, such as 5,9,8",
        "A,B,C",
        TryNumbers,
        value => value is null ? null : string.Join(',', value));

    /// <summary>One of the values of an enum.</summary>
    public static OptionType<T> Choice<T>(OptionChoices<T> choices)
        where T : struct, Enum =>
        new(OptionForm.Choice, $"one of {string.Join(", ", choices.Names)}", string.Join('|', choices.Names), choices.TryParse,
            choices.NameOf)
        {
            Choices = choices.Names,
            Synonyms = [.. choices.Synonyms.Keys],
        };

    /// <summary>The same where nothing may be set.</summary>
    public static OptionType<T?> Optional<T>(OptionType<T> type)
        where T : struct
    {
        return new OptionType<T?>(type.Form, type.Rule, type.ValueName, TryParse, value => value is { } given ? type.Format(given) : null)
        {
            Min = type.Min,
            Max = type.Max,
            Choices = type.Choices,
        };

        bool TryParse(string text, out T? value)
        {
            var read = type.Parse(text, out var given);
            value = read ? given : null;
            return read;
        }
    }

    private static bool TryText(string text, out string? value)
    {
        value = text;
        return text.Length > 0;
    }

    private static bool TrySwitch(string text, out bool value) => bool.TryParse(text, out value);

    private static bool TryLong(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryBytes(string text, out long value) => ByteSize.TryParse(text, out value) && value > 0;

    private static bool TryTime(string text, out TimeSpan value) => Duration.TryParse(text, out value) && value > TimeSpan.Zero;

    private static bool TryNumbers(string text, out IReadOnlyList<int>? value)
    {
        var numbers = new List<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0) numbers.Add(number);
            else numbers.Add(0);
        }

        value = numbers;
        return !numbers.Contains(0);
    }
}
