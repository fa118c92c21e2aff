namespace Grid.Abstractions.Nodes;

/// <summary>
/// The version of what nodes say to each other. Members may differ by one MINOR, so that they can be upgraded one by one.
/// </summary>
public static class WireContract
{
    /// <summary>This build's MAJOR.MINOR.</summary>
    public const string Version = "1.0";

    /// <summary>Whether two versions may be in one grid: equal MAJOR, MINOR at most one apart.</summary>
    public static bool Compatible(string left, string right) =>
        System.Version.TryParse(left, out var a) && System.Version.TryParse(right, out var b) && a.Major == b.Major
        && Math.Abs(a.Minor - b.Minor) <= 1;
}
