namespace Grid.Cluster.Joining;

/// <summary>What nodes may be called.</summary>
public static class NodeNames
{
    /// <summary>The rule, for messages.</summary>
    public const string NameRule = "1 to 63 letters, digits, dots, hyphens and underscores";

    /// <summary>Whether it holds.</summary>
    public static bool IsName(string? name) =>
        name is { Length: >= 1 and <= 63 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>Whether others could dial it.</summary>
    public static bool IsAddress(string? address) =>
        address is { Length: >= 1 and <= 253 } && Uri.CheckHostName(address) is not (UriHostNameType.Unknown or UriHostNameType.Basic)
        && address is not ("0.0.0.0" or "::");
}
