using System.Text.Json;
using Grid.Abstractions;
using Grid.Abstractions.Nodes;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Operators.Access;

/// <summary>An admin endpoint and its key.</summary>
/// <param name="Server">The base URL of the admin API.</param>
/// <param name="Key">The admin key, sent as a bearer token.</param>
/// <param name="Pid">The process, where a data folder names it.</param>
internal sealed record GridAccess(Uri Server, string Key, int? Pid)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);

    /// <summary>
    /// Flags first, then the environment, then the data folder's files. A data folder that is named outweighs the environment.
    /// </summary>
    /// <param name="server">The value of --server; null if it is not given.</param>
    /// <param name="keyFile">The value of --key-file; null if it is not given.</param>
    /// <param name="namedFolder">The value of --data-dir; null if it is not given.</param>
    /// <param name="folder">The data folder, named or not.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="CommandException">No grid is named (3), the key is missing (4), or a value is none (2).</exception>
    public static GridAccess Find(string? server, string? keyFile, string? namedFolder, string folder, Func<string, string?> variable)
    {
        if (server is null && namedFolder is null && variable("GRID_SERVER") is { Length: > 0 } fromVariable) server = fromVariable;
        if (server is not null) return new GridAccess(Address(server), KeyOf(keyFile, folder, variable), null);
        var endpoints = Endpoints(folder);
        return new GridAccess(Address(endpoints.Admin), keyFile is null ? ReadKey(Path.Combine(folder, "admin.key")) : ReadKey(keyFile),
            endpoints.Pid);
    }

    /// <summary>What a data folder says of its live process.</summary>
    /// <exception cref="CommandException">There is none (3).</exception>
    public static NodeEndpoints Endpoints(string folder)
    {
        var file = Path.Combine(folder, "endpoints.json");
        try
        {
            return JsonSerializer.Deserialize<NodeEndpoints>(File.ReadAllText(file), Form) ?? throw new JsonException("empty");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CommandException(
                $"No grid is running from the data folder {folder} ({fault.Message}): start one with 'grid up --head', or name one with "
                + "--server.", ExitCodes.Unreachable, fault);
        }
    }

    private static Uri Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? uri : throw new CommandException($"--server must be an http address; got '{text}'.");

    private static string KeyOf(string? keyFile, string folder, Func<string, string?> variable)
    {
        if (keyFile is not null) return ReadKey(keyFile);
        if (variable("GRID_ADMIN_KEY") is { Length: > 0 } key) return key.Trim();
        var file = Path.Combine(folder, "admin.key");
        return File.Exists(file)
            ? ReadKey(file)
            : throw new CommandException("The admin key is missing: give --key-file FILE or set GRID_ADMIN_KEY.", ExitCodes.Unauthorized);
    }

    private static string ReadKey(string file)
    {
        try
        {
            var key = File.ReadAllText(file).Trim();
            return key.Any(char.IsWhiteSpace)
                ? throw new CommandException($"The admin key must be one word, and {file} holds more (--key-file).", ExitCodes.Unauthorized)
                : key;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The admin key cannot be read: {fault.Message} (--key-file).", ExitCodes.Unauthorized, fault);
        }
    }
}
