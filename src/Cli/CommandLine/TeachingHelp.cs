using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Grid.Cli.CommandLine;

/// <summary>The usual help, then what the command teaches: examples, environment variables.</summary>
internal sealed class TeachingHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not ITeaching teaching) return 0;
        var output = parseResult.InvocationConfiguration.Output;
        foreach (var (title, rows) in teaching.Lessons.Where(lesson => lesson.Rows.Count > 0))
        {
            output.WriteLine($"{title}:");
            var width = rows.Max(row => row.Left.Length);
            foreach (var (left, right) in rows) output.WriteLine($"  {left.PadRight(width)}  {right}".TrimEnd());
            output.WriteLine();
        }

        return 0;
    }
}
