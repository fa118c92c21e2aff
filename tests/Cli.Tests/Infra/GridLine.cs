using System.CommandLine;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Tests.Infra;

/// <summary>A command line of <c>grid</c> in a deployment file.</summary>
/// <param name="File">Where it stands.</param>
/// <param name="Arguments">Without the command itself; variables of the file replaced.</param>
/// <param name="Grace">How long the file waits after SIGTERM; null: it does not say.</param>
internal sealed record GridLine(string File, string[] Arguments, TimeSpan? Grace = null)
{
    private static readonly (string Variable, string Value)[] Values =
        [("$(POD_NAME)", "pod-0"), ("$POD_NAME", "pod-0"), ("${GRID_HEAD}", "head:8007"), ("$head_address", "10.0.0.1"), ("POD", "pod-0")];

    public static GridLine Of(string file, string line, TimeSpan? grace = null) =>
        Of(file, line.Split(' ', StringSplitOptions.RemoveEmptyEntries), grace);

    public static GridLine Of(string file, IEnumerable<string> arguments, TimeSpan? grace = null) =>
        new(file,
        [.. arguments.Select(
            argument =>
            Values.Aggregate(argument.Trim('"'), (text, pair) => text.Replace(pair.Variable, pair.Value, StringComparison.Ordinal)))],
                grace);

    /// <summary>The value of a flag; null where it is not given.</summary>
    public string? Flag(string name) =>
        Array.IndexOf(Arguments, name) is var at and >= 0 && at + 1 < Arguments.Length ? Arguments[at + 1] : null;

    /// <summary>What the product's own parser says against it.</summary>
    public IReadOnlyList<string> Faults() =>
        UsageErrors.Find(
        new GridRoot().Parse(FlagSpelling.Normalize(Arguments),
            new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null }));

    public override string ToString() => $"{File}: grid {string.Join(' ', Arguments)}";
}
