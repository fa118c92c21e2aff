using System.CommandLine;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Grid.Abstractions.Nodes;
using Grid.Cli.CommandLine;
using Grid.Cli.Devices;
using Grid.Cluster.Joining;
using Grid.Cluster.Store;
using Grid.Primitives.Options;
using Grid.Silo.Devices;

namespace Grid.Cli.Up;

/// <summary>Flags of a process that is a node of a grid.</summary>
internal sealed class NodeFlags
{
    private readonly Option<string?> _advertise = Flags.Text("--advertise-address", "ADDRESS",
        "Address at which other nodes reach this one [default: GRID_HOST_IP, VLLM_HOST_IP, else --bind, else the host's first address]");
    private readonly Option<string[]> _label =
        new("--label") { HelpName = "K=V", Description = "Node label for placement; may be repeated" };
    private readonly DeviceFlag _device = new(
        "auto|cpu[:MEM]|cuda:N|sim:NxMEM",
        "Device for placement; may be repeated [default: auto, every CUDA device there is, else the CPU]",
        spec => spec is not { Kind: DeviceKind.Cuda, MemoryBytes: not null });

    private readonly Option<int?> _cpuThreads =
        Flags.OptionalInteger("--cpu-threads", 1, 4096, "Number of threads per rank [default: all cores]");
    private readonly Option<string?> _token = Flags.Text("--token", "TOKEN", "Join token from 'grid token create' [default: GRID_TOKEN]");
    private readonly Option<string?> _tokenFile = Flags.Text("--token-file", "FILE", "File that contains the join token");
    private readonly Option<string?> _config = Flags.Text("--config", "FILE", "Path of grid.yaml, which is watched for changes");
    private readonly Option<string?> _store = Flags.Text("--store", "URL", $"External store, {StoreUrl.Rule} [default: embedded]");
    private readonly Option<string?> _storeFile = Flags.Text("--store-file", "FILE",
        "File that contains the URL of the external store, whose password `ps` then does not show [default: GRID_STORE]");
    private readonly Option<bool> _allowVolatile = Flags.Switch("--allow-volatile-store", "Accept a Redis without persistence");

    /// <summary>Of every node.</summary>
    public IEnumerable<Option> Member => [_advertise, _label];

    /// <summary>Of nodes with a silo.</summary>
    public IEnumerable<Option> Devices => [_device.Option, _cpuThreads];

    /// <summary>Of nodes that join.</summary>
    public IEnumerable<Option> Joining => [_token, _tokenFile];

    /// <summary>Of the head.</summary>
    public IEnumerable<Option> Head => [_config, _store, _storeFile, _allowVolatile];

    /// <summary>--config alone.</summary>
    public Option Config => _config;

    /// <summary>The absolute path of --config; null if it is not given.</summary>
    public string? ReadConfig(ParseResult result) => result.GetValue(_config) is { } file ? Path.GetFullPath(file) : null;

    /// <summary>Whether <c>--store</c> or <c>--allow-volatile-store</c> or <c>--config</c> is given.</summary>
    public bool IsForHead(ParseResult result) => Head.Any(option => result.GetResult(option) is { Implicit: false });

    /// <summary>Whether <c>--token</c> or <c>--token-file</c> is given.</summary>
    public bool IsForJoining(ParseResult result) => Joining.Any(option => result.GetResult(option) is { Implicit: false });

    /// <summary>The store of --store, --store-file or GRID_STORE; null for the embedded one.</summary>
    /// <exception cref="CommandException">It is no such address, or the file cannot be read.</exception>
    public (StoreAccess? Store, bool AllowVolatile) ReadStore(ParseResult result, Func<string, string?> variable)
    {
        var allow = result.GetValue(_allowVolatile);
        var (given, file) = (result.GetValue(_store), result.GetValue(_storeFile));
        if (given is not null && file is not null)
            throw new CommandException("--store and --store-file cannot both be given.");
        var (source, text) = given is not null ? ("--store", given)
            : file is not null ? ($"--store-file {file}", ReadFile("--store-file", file))
            : ("GRID_STORE", variable("GRID_STORE"));
        if (text is not { Length: > 0 }) return (null, allow);
        if (StoreUrl.TryParse(text, out var store)) return (store, allow);
        // A URL that was to be kept from others is not shown.
        throw new CommandException(
            $"{source} must be {StoreUrl.Rule}; got {(given is null ? $"{text.Length} characters that are none" : $"'{text}'")}.");
    }

    /// <summary>The token of --token, --token-file or GRID_TOKEN; null if there is none.</summary>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public string? ReadToken(ParseResult result, Func<string, string?> variable)
    {
        if (result.GetValue(_token) is { Length: > 0 } token) return token.Trim();
        if (result.GetValue(_tokenFile) is not { } file) return variable("GRID_TOKEN") is { Length: > 0 } given ? given.Trim() : null;
        return ReadFile("--token-file", file);
    }

    private static string ReadFile(string flag, string file)
    {
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } read ? read : throw new CommandException($"{flag} {file} is empty.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{flag} {file} cannot be read: {fault.Message}", inner: fault);
        }
    }

    /// <summary>--device.</summary>
    /// <exception cref="CommandException">A device is named twice.</exception>
    public DeviceFacts[] ReadDevices(ParseResult result) => FindDevices(_device.Read(result));

    /// <summary>The devices that <c>--device</c> names.</summary>
    /// <exception cref="CommandException">One of them is named twice.</exception>
    public static DeviceFacts[] FindDevices(IReadOnlyList<DeviceSpec> specs)
    {
        try
        {
            return DeviceInventory.Find(specs);
        }
        catch (FormatException fault)
        {
            throw new CommandException(fault.Message, inner: fault);
        }
    }

    /// <summary>--cpu-threads.</summary>
    public int? ReadCpuThreads(ParseResult result) => result.GetValue(_cpuThreads);

    /// <summary>--label.</summary>
    /// <exception cref="CommandException">It is not K=V.</exception>
    public Dictionary<string, string> ReadLabels(ParseResult result)
    {
        var labels = new Dictionary<string, string>();
        foreach (var label in result.GetValue(_label) ?? [])
        {
            if (label.Split('=', 2) is not [{ Length: > 0 } key, var value])
                throw new CommandException($"--label must be K=V; got '{label}'.");
            labels[key] = value;
        }

        return labels;
    }

    /// <summary>What other nodes dial.</summary>
    /// <exception cref="CommandException">It is no address.</exception>
    public IPAddress ReadAdvertised(ParseResult result, Func<string, string?> variable, IPAddress bound)
    {
        var given = result.GetValue(_advertise) ?? Variable("GRID_HOST_IP") ?? Variable("VLLM_HOST_IP");
        if (given is null) return bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any) ? OwnAddress() : bound;
        if (IPAddress.TryParse(given, out var address)) return address;
        try
        {
            return Dns.GetHostAddresses(given) is [var first, ..] ? first : throw NoAddress(given);
        }
        catch (SocketException)
        {
            throw NoAddress(given);
        }

        string? Variable(string name) => variable(name) is { Length: > 0 } value ? value : null;
    }

    private static CommandException NoAddress(string given) =>
        new($"--advertise-address must be an IP address or a name that resolves; got '{given}'.");

    private static IPAddress OwnAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(card => card.OperationalStatus == OperationalStatus.Up)
        .SelectMany(card => card.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))
        ?? IPAddress.Loopback;
}
