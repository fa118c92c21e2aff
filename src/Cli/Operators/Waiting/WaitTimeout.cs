using System.CommandLine;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Operators.Waiting;

/// <summary>--timeout of verbs that wait.</summary>
internal static class WaitTimeout
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(10);

    public static Option<TimeSpan> Flag() =>
        Flags.Duration("--timeout", Grid.Primitives.Units.Duration.Format(Usual),
        "Maximum time to wait; exits with 7 when it passes, and the operation continues");

    public static TimeSpan Read(ParseResult result, Option<TimeSpan> flag) =>
        result.GetResult(flag) is { Implicit: false } ? result.GetValue(flag) : Usual;
}
