using System.CommandLine;

namespace Grid.Cli.CommandLine;

/// <summary>A command whose help shows how it is used.</summary>
internal sealed class Verb(string name, string description) : Command(name, description), IHelpSections
{
    /// <summary>Command lines to copy, each with what it does.</summary>
    public IReadOnlyList<(string Line, string Meaning)> Examples { get; init; } = [];

    /// <summary>Variables that the command reads, each with what it means.</summary>
    public IReadOnlyList<(string Name, string Meaning)> Variables { get; init; } = [];

    public IEnumerable<(string Title, IReadOnlyList<(string Left, string Right)> Rows)> HelpSections =>
        [("Examples", Examples), ("Environment variables", Variables)];

    public void Add(IEnumerable<Option> options)
    {
        foreach (var option in options) Add(option);
    }
}
