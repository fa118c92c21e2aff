using System.CommandLine;
using System.Net;
using Grid.Abstractions.Nodes;
using Grid.Cli.CommandLine;
using Grid.Node.Options;

namespace Grid.Cli.Options;

/// <summary>Flags of a process that listens: address, ports, keys, folder, shutdown, logs.</summary>
internal sealed class ServerFlags
{
    private readonly Option<string[]> _servedModelName = new("--served-model-name")
    {
        HelpName = "NAME",
        Description = "Names that clients may use; the first is the one in answers [default: the model as typed]",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _name = Flags.Text("--name", "NAME", "Name of this node [default: the host's]");
    private readonly Option<string?> _host = Flags.Text("--host", "ADDRESS",
        "Address to listen on; elsewhere than on loopback only with --api-key or --allow-anonymous [default: 127.0.0.1]", "--bind");
    private readonly Option<int?> _port =
        Flags.OptionalInteger("--port", 0, 65535, "Port of the HTTP API, 0 for a free one [default: the port base]");
    private readonly Option<int> _portBase = Flags.Integer("--port-base", PortLayout.DefaultBase, 0, PortLayout.MaxBase,
        "First of the ports: +0 HTTP, +1 admin, +2 silo, +3 and +4 Orleans, +5 data plane, +6 store, +7 join; 0 for free ones");
    private readonly Option<string?> _dataDir = Flags.Text("--data-dir", "FOLDER",
        "Folder of this process: endpoints.json, admin.key, store, logs [default: GRID_DATA_DIR, else the platform's data folder + grid]");
    private readonly Option<string?> _server =
        Flags.Text("--server", "URL", "Admin endpoint of a running grid: the model is deployed there, nothing is started here");
    private readonly Option<string?> _keyFile = Flags.Text("--key-file", "FILE", "File with the admin key of that grid");
    private readonly ClientFlags _clients = new();
    private readonly Option<TimeSpan> _shutdownTimeout =
        Flags.Duration("--shutdown-timeout", "60s", "How long running requests may take to end after SIGTERM");
    private readonly Option<string> _logFormat =
        Flags.Choice("--log-format", "text", ["text", "json"], "Format of the log lines on stderr");

    public IEnumerable<Option> Options =>
    [
        _name, _host, _port, _portBase, _dataDir, .. _clients.Options, _shutdownTimeout, _logFormat,
    ];

    /// <summary>Of a process with one model: its names, and a grid that it may be deployed to instead.</summary>
    public IEnumerable<Option> ModelOptions => [_servedModelName, _server, _keyFile];

    /// <summary>The value of --server; null if it is not given.</summary>
    public string? Server(ParseResult result) => result.GetValue(_server);

    /// <summary>The value of --key-file; null if it is not given.</summary>
    public string? KeyFile(ParseResult result) => result.GetValue(_keyFile);

    /// <summary>The absolute path of --data-dir or its default.</summary>
    public string DataFolder(ParseResult result, Func<string, string?> variable) => ReadDataFolder(result.GetValue(_dataDir), variable);

    /// <summary>--served-model-name as given.</summary>
    public IReadOnlyList<string> ServedNames(ParseResult result) => result.GetValue(_servedModelName) ?? [];

    /// <summary>The options that the flags and the environment ask for.</summary>
    /// <param name="result">A line without parse errors.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="modelName">The name to serve where none is given.</param>
    /// <param name="answersClients">Whether the HTTP API is open to anyone who reaches the address.</param>
    /// <exception cref="CommandException">An address that is none, or one open to others without keys.</exception>
    public ServerOptions Read(ParseResult result, Func<string, string?> variable, string modelName, bool answersClients = true)
    {
        var ports = new PortLayout(result.GetValue(_portBase));
        var options = new ServerOptions
        {
            ServedModelNames = result.GetValue(_servedModelName) is { Length: > 0 } names ? names : [modelName],
            Name = result.GetValue(_name) ?? Environment.MachineName,
            Address = ReadAddress(result.GetValue(_host) ?? "127.0.0.1"),
            Ports = ports,
            HttpPort = result.GetValue(_port) ?? ports.Http,
            DataFolder = ReadDataFolder(result.GetValue(_dataDir), variable),
            ShutdownTimeout = result.GetResult(_shutdownTimeout) is null ? TimeSpan.FromSeconds(60) : result.GetValue(_shutdownTimeout),
            JsonLogs = result.GetRequiredValue(_logFormat) == "json",
        };
        return _clients.Read(result, variable, options, answersClients && !IPAddress.IsLoopback(options.Address));
    }

    private static IPAddress ReadAddress(string host) => host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        _ => IPAddress.TryParse(host, out var address)
            ? address
            : throw new CommandException($"--host must be an IP address or localhost; got '{host}'."),
    };

    /// <summary>The data folder: as given, else GRID_DATA_DIR, else the platform's data folder + grid. Absolute.</summary>
    public static string ReadDataFolder(string? given, Func<string, string?> variable)
    {
        if (given is { Length: > 0 } || (given = variable("GRID_DATA_DIR")) is { Length: > 0 }) return Path.GetFullPath(given);
        return Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "grid");
    }
}
