using System.CommandLine;
using System.Reflection;
using Grid.Cli.CommandLine;

namespace Grid.Cli;

/// <summary><c>grid version</c>.</summary>
internal static class VersionCommand
{
    /// <summary>The version of this build.</summary>
    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static Command Create()
    {
        var verb = new Verb("version", "Prints the version") { Examples = [("grid version", "0.1.0")] };
        verb.SetAction(result => result.InvocationConfiguration.Output.WriteLine(Version));
        return verb;
    }
}
