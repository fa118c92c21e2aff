namespace Grid.Cli.CommandLine;

/// <summary>What the process's streams are.</summary>
internal static class Terminal
{
    /// <summary>Whether stderr may show bars and colours: a terminal, and NO_COLOR is not set.</summary>
    public static bool ErrorIsLive { get; } = !Console.IsErrorRedirected && NoColorIsUnset;

    /// <summary>Whether stdout may show colours.</summary>
    public static bool OutputIsLive { get; } = !Console.IsOutputRedirected && NoColorIsUnset;

    private static bool NoColorIsUnset => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
}
