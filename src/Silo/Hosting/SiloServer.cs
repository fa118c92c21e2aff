using System.Net;
using Grid.Engine.Serving;
using Grid.Hosting.Telemetry;
using Grid.Silo.Access;
using Grid.Silo.OpenAI.Endpoints;
using Grid.Silo.OpenAI.Requests;
using Grid.Silo.Ranks;

namespace Grid.Silo.Hosting;

/// <summary>A silo's HTTP endpoint: the OpenAI API for the ranks of the node, with health, metrics and token routes.</summary>
public sealed class SiloServer : IAsyncDisposable
{
    // Cut requests only have their last event to write.
    private static readonly TimeSpan HostShutdownTimeout = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly SiloState _state;
    private readonly PrometheusListener _metrics;

    private SiloServer(WebApplication app, SiloState state, PrometheusListener metrics) => (_app, _state, _metrics) = (app, state, metrics);

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.None, 0);

    /// <summary>Who answers.</summary>
    public RankRegistry Ranks => _state.Ranks;

    /// <summary>Checks of <c>/readyz</c>, for the other ports of the process.</summary>
    public IEnumerable<HealthCheck> Checks() => _app.Services.GetRequiredService<SiloHealth>().Checks();

    /// <summary>How the engines are, for a gateway in the same process.</summary>
    public HealthCheck Engines() => _app.Services.GetRequiredService<SiloHealth>().Engines();

    /// <summary>Why the process has to be restarted; null if it has not.</summary>
    public string? Failure() => _app.Services.GetRequiredService<SiloHealth>().Failure();

    /// <summary>
    /// Listens at once; until <see cref="Serve"/> the probes and the generation routes of a server of one model answer 503.
    /// </summary>
    /// <param name="options">Where to listen and what to answer to.</param>
    /// <param name="logging">Adds log providers; null for no log.</param>
    /// <param name="timeProvider">The clock of answers and of the engine's watchdog; null for the system's.</param>
    /// <param name="ranks">The ranks that answer; null for a new registry, for <see cref="Serve"/>.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SiloServer> StartAsync(
        SiloOptions options, Action<ILoggingBuilder>? logging = null, TimeProvider? timeProvider = null, RankRegistry? ranks = null,
        CancellationToken cancellationToken = default)
    {
        var time = timeProvider ?? TimeProvider.System;
        var state = new SiloState(options, ranks ?? new RankRegistry(time), time);
        var metrics = new PrometheusListener(EngineInstruments.MeterName);
        var app = Build(state, metrics, logging);
        var server = new SiloServer(app, state, metrics);
        try
        {
            server.EndPoint = await HttpHost.StartAsync(app, options.Address, cancellationToken);
        }
        catch
        {
            metrics.Dispose();
            throw;
        }

        return server;
    }

    /// <summary>
    /// From now on requests for <see cref="SiloOptions.ModelNames"/> are answered from this model. The caller disposes it, after the
    /// server.
    /// </summary>
    public ServedRank Serve(ServedModel model) =>
        _state.Ranks.Register(new RankIdentity(new ReplicaId(_state.Options.ModelNames[0], 0), 0, 0, _state.Options.ModelNames), model);

    /// <summary>
    /// Refuses new requests, lets those in flight end, and stops listening; those left at the deadline are handed over, or cut where no
    /// gateway asked.
    /// </summary>
    /// <param name="timeout">How long they may take.</param>
    /// <returns>How many did not end by themselves.</returns>
    public async Task<int> StopAsync(TimeSpan timeout)
    {
        var cut = await _state.Ranks.DrainAsync(timeout);
        await _app.StopAsync();
        return cut;
    }

    /// <summary>Stops at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        await _app.DisposeAsync();
        _metrics.Dispose();
    }

    private static WebApplication Build(SiloState state, PrometheusListener metrics, Action<ILoggingBuilder>? logging)
    {
        var options = state.Options;
        var builder = HttpHost.CreateBuilder(options.Address, options.Port, logging, options.ConfigureListener, HostShutdownTimeout);
        builder.Services.AddSingleton(state).AddSingleton(state.TimeProvider).AddSingleton<RankFinder>().AddSingleton<SiloHealth>()
            .AddSingleton<GenerationReader>().AddSingleton<GenerationHandler>();
        var app = builder.Build();
        app.UseRequestForm();
        app.UseMiddleware<ErrorMiddleware>((Func<Exception, ILogger, ApiException>)ApiErrors.From);
        app.UseMiddleware<RequestIdMiddleware>();
        if (options.ConfigureListener is null && IPAddress.IsLoopback(options.Address))
            app.UseMiddleware<HostMiddleware>(options.AllowedHosts);
        app.UseMiddleware<InternalMiddleware>();
        app.UseRouting();
        app.UseWhen(context => !state.TrustsCaller(context), guarded => guarded.UseMiddleware<ApiKeyMiddleware>(state.Keys));
        app.MapHealth();
        app.MapOpenAI();
        app.MapGet("/metrics", metrics.WriteAsync);
        return app;
    }
}
