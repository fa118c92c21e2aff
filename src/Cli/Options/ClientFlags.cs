using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grid.Cli.CommandLine;
using Grid.Hosting.Http;
using Grid.Node.Options;

namespace Grid.Cli.Options;

/// <summary>Flags of a gateway: who may ask, from where, and how much of the server a client may hold.</summary>
internal sealed class ClientFlags
{
    private const int DefaultMaxConnections = 4096;

    private static readonly TimeSpan DefaultSlowClientTimeout = TimeSpan.FromSeconds(60);

    private readonly Option<string[]> _apiKey =
        new("--api-key") { HelpName = "KEY", Description = "Key that clients must send as a bearer token; may be repeated" };
    private readonly Option<string?> _apiKeyFile = Flags.Text("--api-key-file", "FILE",
        "File with a key on each line, or NAME: KEY; it is read again when it changes, and `ps` does not show it");
    private readonly Option<bool> _allowAnonymous = Flags.Switch("--allow-anonymous", "Serve other machines without API keys");
    private readonly Option<bool> _sharePrefixCache = Flags.Switch("--share-prefix-cache",
        "Let clients of different API keys share cached prefixes; a client can then find out whether another one sent a prompt");
    private readonly Option<string[]> _allowedOrigins = new("--allowed-origins")
    {
        HelpName = "ORIGIN",
        Description = "Origins whose web pages may read answers, such as https://app.example; never with credentials [default: *]",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _allowedHost = new("--allowed-host")
    {
        HelpName = "HOST",
        Description = "Host that requests may name beside this machine while the server listens on loopback; may be repeated, * for all",
    };

    private readonly Option<string?> _certificate = Flags.Text("--ssl-certfile", "FILE",
        "Certificate that clients are shown, with its chain, in PEM; read again when it changes [default: plain HTTP]");
    private readonly Option<string?> _key = Flags.Text("--ssl-keyfile", "FILE", "Private key of --ssl-certfile, in PEM");
    private readonly Option<int> _maxConnections =
        Flags.Integer("--max-connections", DefaultMaxConnections, 1, 1_000_000, "Maximum number of client connections at a time");
    private readonly Option<TimeSpan> _slowClientTimeout = Flags.Duration("--slow-client-timeout", "60s",
        "How long a client may read nothing while its answer waits for it, before it is disconnected");

    public IEnumerable<Option> Options =>
    [
        _apiKey, _apiKeyFile, _allowAnonymous, _sharePrefixCache, _allowedOrigins, _allowedHost, _certificate, _key, _maxConnections,
        _slowClientTimeout,
    ];

    /// <summary>Fills in what the flags and GRID_API_KEY ask for.</summary>
    /// <exception cref="CommandException">A key is empty, or the server is open to other machines without one.</exception>
    public ServerOptions Read(ParseResult result, Func<string, string?> variable, ServerOptions options, bool isOpenToOthers)
    {
        var keys = ReadKeys(result.GetValue(_apiKey), variable("GRID_API_KEY"));
        var file = result.GetValue(_apiKeyFile);
        if (isOpenToOthers && keys.Count == 0 && file is null && !result.GetValue(_allowAnonymous))
            throw new CommandException(
                $"--host {options.Address} is open to other machines: give at least one --api-key (or --api-key-file, or GRID_API_KEY), or "
                + "--allow-anonymous.");
        var (certificate, key) = (result.GetValue(_certificate), result.GetValue(_key));
        if ((certificate is null) != (key is null))
            throw new CommandException("--ssl-certfile and --ssl-keyfile must be given together.");
        if (certificate is not null) Check("--ssl-certfile", () => X509Certificate2.CreateFromPemFile(certificate, key).Dispose());
        if (file is not null) Check("--api-key-file", () => _ = new ApiKeyRing([], file));
        return options with
        {
            ApiKeys = keys,
            CertificateFile = certificate is null ? null : Path.GetFullPath(certificate),
            KeyFile = key is null ? null : Path.GetFullPath(key),
            ApiKeyFile = file is null ? null : Path.GetFullPath(file),
            SharePrefixCache = result.GetValue(_sharePrefixCache),
            AllowedOrigins = result.GetValue(_allowedOrigins) is { Length: > 0 } origins ? origins : ["*"],
            AllowedHosts = result.GetValue(_allowedHost) ?? [],
            MaxConnections = result.GetValue(_maxConnections),
            SlowClientTimeout = result.GetResult(_slowClientTimeout) is null
                ? DefaultSlowClientTimeout
                : result.GetValue(_slowClientTimeout),
        };
    }

    private static void Check(string flag, Action read)
    {
        try
        {
            read();
        }
        catch (Exception fault)
            when (fault is IOException or UnauthorizedAccessException or InvalidDataException or CryptographicException)
        {
            throw new CommandException($"{flag} cannot be used: {fault.Message}", inner: fault);
        }
    }

    private static IReadOnlyList<string> ReadKeys(string[]? given, string? fromVariable)
    {
        string[] keys = [.. given ?? [], .. fromVariable is { Length: > 0 } ? new[] { fromVariable } : []];
        return keys.Any(string.IsNullOrWhiteSpace) ? throw new CommandException("--api-key must not be empty; got ''.") : keys;
    }
}
