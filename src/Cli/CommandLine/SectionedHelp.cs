using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Grid.Cli.CommandLine;

/// <summary>The usual help, then the sections of the command: examples, environment variables.</summary>
internal sealed class SectionedHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not IHelpSections sections) return 0;
        var output = parseResult.InvocationConfiguration.Output;
        foreach (var (title, rows) in sections.HelpSections.Where(section => section.Rows.Count > 0))
        {
            output.WriteLine($"{title}:");
            var width = rows.Max(row => row.Left.Length);
            foreach (var (left, right) in rows) output.WriteLine($"  {left.PadRight(width)}  {right}".TrimEnd());
            output.WriteLine();
        }

        return 0;
    }
}
