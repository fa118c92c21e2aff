using Grid.Abstractions;

namespace Grid.Cli.CommandLine;

/// <summary>Ends a verb with a text for people and an exit code.</summary>
/// <param name="message">Rule, limit and value, or what failed.</param>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
internal sealed class CommandException(string message, int exitCode = ExitCodes.Usage, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>Answers for a part that this version does not have.</summary>
    public static CommandException NotSupported(string what) => new($"{what}: not supported in this version of grid.");
}
