using System.Globalization;
using System.Text;

namespace Grid.Tokenization.ChatTemplates.Operations;

/// <summary>C's <c>strftime</c> in the C locale, with glibc's <c>-</c> that leaves padding out.</summary>
internal static class StrfTime
{
    public static string Format(DateTimeOffset time, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            var isBare = format[++i] == '-' && i + 1 < format.Length;
            if (isBare) i++;
            var part = Part(time, format[i]);
            text.Append(isBare ? part.TrimStart('0', ' ') is { Length: > 0 } bare ? bare : "0" : part);
        }

        return text.ToString();
    }

    private static string Part(DateTimeOffset time, char directive) => directive switch
    {
        'a' => Net(time, "ddd"),
        'A' => Net(time, "dddd"),
        'b' or 'h' => Net(time, "MMM"),
        'B' => Net(time, "MMMM"),
        'c' => Format(time, "%a %b %e %H:%M:%S %Y"),
        'C' => Digits(time.Year / 100, 2),
        'd' => Digits(time.Day, 2),
        'D' or 'x' => Format(time, "%m/%d/%y"),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'f' => Net(time, "ffffff"),
        'F' => Format(time, "%Y-%m-%d"),
        'G' => Digits(ISOWeek.GetYear(time.DateTime), 4),
        'H' => Digits(time.Hour, 2),
        'I' => Digits((time.Hour + 11) % 12 + 1, 2),
        'j' => Digits(time.DayOfYear, 3),
        'm' => Digits(time.Month, 2),
        'M' => Digits(time.Minute, 2),
        'n' => "\n",
        'p' => time.Hour < 12 ? "AM" : "PM",
        'r' => Format(time, "%I:%M:%S %p"),
        'R' => Format(time, "%H:%M"),
        's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'S' => Digits(time.Second, 2),
        't' => "\t",
        'T' or 'X' => Format(time, "%H:%M:%S"),
        'u' => Digits(((int)time.DayOfWeek + 6) % 7 + 1, 1),
        'U' => Digits((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7, 2),
        'V' => Digits(ISOWeek.GetWeekOfYear(time.DateTime), 2),
        'w' => Digits((int)time.DayOfWeek, 1),
        'W' => Digits((time.DayOfYear + 6 - ((int)time.DayOfWeek + 6) % 7) / 7, 2),
        'y' => Digits(time.Year % 100, 2),
        'Y' => time.Year.ToString(CultureInfo.InvariantCulture),
        // datetime.now() knows no zone, and Python prints nothing then.
        'z' or 'Z' => "",
        '%' => "%",
        _ => "%" + directive,
    };

    private static string Net(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static string Digits(int value, int count) => value.ToString("D" + count, CultureInfo.InvariantCulture);
}
