using System.Net;
using System.Security.Cryptography;
using Grid.Client;
using Grid.Engine.Configuration;
using Grid.Engine.Serving;
using Grid.Hosting.Logging;
using Grid.Primitives.Options;
using Grid.Silo.Access;
using Grid.Silo.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Cli.Loading;

/// <summary>
/// A model in this process behind the same API as everywhere, on a free loopback port that only this process has the key of.
/// </summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly SiloServer _server;
    private readonly ServedModel _model;
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    private LocalServer(SiloServer server, ServedModel model, string key)
    {
        (_server, _model) = (server, model);
        Address = new Uri($"http://{server.EndPoint}");
        Client = new GridClient(_http, Address, key);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Talks to it.</summary>
    public GridClient Client { get; }

    /// <summary>Loads a model and serves it.</summary>
    /// <param name="options">The options of the engine, which name the model.</param>
    /// <param name="name">The name that requests use.</param>
    /// <param name="error">The writer of the loading bar.</param>
    /// <param name="cancellation">Ends the wait for the load.</param>
    /// <exception cref="ModelLoadException">The model cannot be loaded.</exception>
    public static async Task<LocalServer> StartAsync(EngineOptions options, string name, TextWriter error, CancellationToken cancellation)
    {
        using var logs = LoggerFactory.Create(AddLogs);
        var model = await ModelLoading.LoadAsync(options, name, error, logs.CreateLogger("grid"), cancellation);
        try
        {
            var key = RandomNumberGenerator.GetHexString(32);
            var server = await SiloServer.StartAsync(
                new SiloOptions
                {
                    Name = Environment.MachineName, ModelNames = [name], Address = IPAddress.Loopback, Port = 0,
                    ApiKeys = [key]
                }, AddLogs, cancellationToken: cancellation);
            server.Serve(model);
            return new LocalServer(server, model, key);
        }
        catch
        {
            await model.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _model.DisposeAsync();
    }

    // Whoever waits for an answer is not interested in how it comes about.
    private static void AddLogs(ILoggingBuilder builder) => builder.AddStderr(json: false).SetMinimumLevel(LogLevel.Warning);
}
