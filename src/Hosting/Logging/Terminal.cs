namespace Grid.Hosting.Logging;

/// <summary>What the process's streams are.</summary>
public static class Terminal
{
    /// <summary>Whether stderr may show bars and colours: a terminal, and NO_COLOR is not set.</summary>
    public static bool ErrorIsLive { get; } = !Console.IsErrorRedirected && NoColorIsUnset;

    private static bool NoColorIsUnset => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
}
