using System.CommandLine;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Tools;

/// <summary><c>grid version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var verb = new Verb("version", "Print the version") { Examples = [("grid version", "0.1.0")] };
        verb.SetAction(result => result.InvocationConfiguration.Output.WriteLine(GridVersion.Text));
        return verb;
    }
}
