using System.Text.RegularExpressions;
using Grid.Abstractions;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Pull;

/// <summary>Rules for names that become paths: what the user or the hub says may not lead out of the cache.</summary>
internal static partial class HubNames
{
    public static string Repository(string name) => RepositoryForm().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal)
        ? name
        : throw new CommandException($"MODEL must be ORG/NAME (letters, digits, '.', '_', '-'); got '{name}'.");

    public static string Revision(string name) => IsInside(name)
        ? name
        : throw new CommandException($"--revision must be a branch, a tag or a commit; got '{name}'.");

    /// <summary>A commit or an etag: one plain path segment.</summary>
    public static string Segment(string what, string name) => SegmentForm().IsMatch(name)
        ? name
        : throw new CommandException(
        $"The hub sent '{name}' as {what}; letters, digits, '-' and '_' are allowed. Nothing was written for it.", ExitCodes.Failed);

    public static string File(string name) => IsInside(name)
        ? name
        : throw new CommandException($"The hub lists the file '{name}', whose name would leave the model's folder. Nothing was downloaded.",
        ExitCodes.Failed);

    private static bool IsInside(string name) =>
        name.Length > 0 && !name.Any(character => character is '\\' or ':' || char.IsControl(character))
        && name.Split('/').All(part => part is not ("" or "." or ".."));

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]*/[A-Za-z0-9_][A-Za-z0-9._-]*$")]
    private static partial Regex RepositoryForm();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,128}$")]
    private static partial Regex SegmentForm();
}
