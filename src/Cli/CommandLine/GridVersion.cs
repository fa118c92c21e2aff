using System.Reflection;

namespace Grid.Cli.CommandLine;

/// <summary>The version of this build.</summary>
internal static class GridVersion
{
    /// <summary>As <c>grid version</c> prints it.</summary>
    public static string Text { get; } =
        typeof(GridVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
