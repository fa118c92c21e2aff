using System.Text.RegularExpressions;
using Spectre.Console;

namespace Grid.Cli.Operators.Output;

/// <summary>Rows under headings, for people: no frame, columns as wide as they need.</summary>
/// <param name="columns">The headings of the columns.</param>
internal sealed partial class TextTable(params string[] columns)
{
    private const int Unlimited = 10_000;

    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; null and empty show as a dash.</summary>
    public void Add(params object?[] cells) =>
        _rows.Add(
        [.. cells.Select(
            cell => Convert.ToString(cell, System.Globalization.CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "-")]);

    /// <summary>Writes it without line breaks inside of rows.</summary>
    public void Write(TextWriter output)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column)) { NoWrap = true, Padding = new Padding(0, 0, 3, 0) });
        foreach (var row in _rows) table.AddRow(row.Select(cell => new Text(cell)));
        using var text = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No
            });
        console.Profile.Width = Unlimited;
        console.Write(table);
        output.Write(TrailingBlanks().Replace(text.ToString(), ""));
    }

    [GeneratedRegex(@"[ \t]+(?=\r?\n)")]
    private static partial Regex TrailingBlanks();
}
