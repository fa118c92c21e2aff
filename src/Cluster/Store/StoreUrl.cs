using System.Globalization;
using Grid.Cluster.Joining;

namespace Grid.Cluster.Store;

/// <summary>The value of <c>--store</c>.</summary>
public static class StoreUrl
{
    /// <summary>What a value must look like.</summary>
    public const string Rule = "redis[s]://[:PASSWORD@]HOST:PORT/DB";

    private const int HighestDatabase = 65535;

    /// <summary>Reads <see cref="Rule"/>; without port 6379, without database 0.</summary>
    public static bool TryParse(string text, out StoreAccess? store)
    {
        store = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("redis" or "rediss") || url.Host.Length == 0
            || url.Query.Length > 0) return false;
        if (!TryReadDatabase(url.AbsolutePath, out var database) || !TryReadPassword(url.UserInfo, out var password)) return false;
        var port = url.Port > 0 ? url.Port : 6379;
        store = new StoreAccess("redis", $"{url.Host}:{port.ToString(CultureInfo.InvariantCulture)}", password, database,
            url.Scheme == "rediss" ? "server" : "none");
        return true;
    }

    private static bool TryReadDatabase(string path, out int database)
    {
        database = 0;
        return path is "" or "/"
            || (int.TryParse(path.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out database) && database <= HighestDatabase);
    }

    private static bool TryReadPassword(string userInfo, out string? password)
    {
        password = userInfo.StartsWith(':') && userInfo.Length > 1 ? Uri.UnescapeDataString(userInfo[1..]) : null;
        return userInfo.Length == 0 || password is not null;
    }
}
