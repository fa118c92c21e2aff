using Grid.Abstractions;

namespace Grid.Cluster.Joining;

/// <summary>A node was not admitted.</summary>
/// <param name="fault">The rule that refused it.</param>
/// <param name="message">The rule, both values and the remedy; for stderr and the head's log.</param>
public sealed class JoinException(JoinFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The rule that refused it.</summary>
    public JoinFault Fault => fault;

    /// <summary>
    /// One of <see cref="ExitCodes"/>: 4 for who may join, 6 for what fits together, 3 for a head that does not answer, 2 for a wrong
    /// request.
    /// </summary>
    public int ExitCode => fault switch
    {
        JoinFault.Unreachable => ExitCodes.Unreachable,
        JoinFault.BadRequest => ExitCodes.Usage,
        JoinFault.NameTaken or JoinFault.WireVersion or JoinFault.ClusterId or JoinFault.Clock => ExitCodes.Refused,
        _ => ExitCodes.Unauthorized,
    };

    internal int HttpStatus => ExitCode switch { ExitCodes.Refused => 409, ExitCodes.Usage => 400, _ => 401 };
}
