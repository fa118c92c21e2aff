using Grid.Abstractions;

namespace Grid.Node.Options;

/// <summary>A node cannot start, with a text for people and the exit code that its process ends with.</summary>
/// <param name="message">Rule and value, or what failed and what to do about it.</param>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
public sealed class NodeException(string message, int exitCode = ExitCodes.Usage, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
