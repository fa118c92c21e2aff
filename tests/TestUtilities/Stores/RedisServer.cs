using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Grid.TestUtilities.Waiting;

namespace Grid.TestUtilities.Stores;

/// <summary>A real redis-server on a free loopback port, with its files in a folder of its own.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("grid-redis-").FullName;
    private readonly bool _appendOnly;
    private Process? _process;

    private RedisServer(bool appendOnly)
    {
        _appendOnly = appendOnly;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>HOST:PORT.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Starts one and waits until it answers.</summary>
    public static async Task<RedisServer> StartAsync(bool appendOnly = true)
    {
        var server = new RedisServer(appendOnly);
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it again, on the same port with the files that it left.</summary>
    public async Task StartAsync()
    {
        string[] arguments =
        [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder, "--save", "",
            "--appendonly", _appendOnly ? "yes" : "no", "--appendfsync", "always", "--loglevel", "warning",
        ];
        _process = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true })!;
        await Eventually.HoldsAsync(AnswersAsync, "redis-server answers", Patience, CancellationToken.None);
    }

    /// <summary>Kills it, as SIGKILL does.</summary>
    /// <param name="withFiles">Whether its files go too.</param>
    public async Task KillAsync(bool withFiles = false)
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
        if (!withFiles) return;
        Directory.Delete(_folder, recursive: true);
        Directory.CreateDirectory(_folder);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[16];
            return await client.GetStream().ReadAsync(answer) > 0 && answer[0] == (byte)'+';
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return false;
        }
    }
}
