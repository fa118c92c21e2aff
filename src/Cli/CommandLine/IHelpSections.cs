namespace Grid.Cli.CommandLine;

/// <summary>A command that has more to say in its help than its flags.</summary>
internal interface IHelpSections
{
    /// <summary>Titled lists of rows, each with a left and a right column.</summary>
    IEnumerable<(string Title, IReadOnlyList<(string Left, string Right)> Rows)> HelpSections { get; }
}
