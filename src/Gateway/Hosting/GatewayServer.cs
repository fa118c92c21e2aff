using System.Net;
using Grid.Abstractions.Http;
using Grid.Gateway.Admission;
using Grid.Gateway.Forwarding;
using Grid.Gateway.Routing;
using Grid.Gateway.Tables;
using Grid.Gateway.Telemetry;
using Grid.Hosting.Telemetry;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;

namespace Grid.Gateway.Hosting;

/// <summary>A gateway: the OpenAI API for all models of the grid, answered by the ranks of its routing table.</summary>
public sealed class GatewayServer : IAsyncDisposable
{
    // Cut requests only have their last event to write.
    private static readonly TimeSpan HostShutdownTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PreflightMaxAge = TimeSpan.FromMinutes(10);

    private readonly WebApplication _app;
    private readonly RequestTracker _requests;
    private readonly TimeProvider _timeProvider;
    private readonly Heartbeat _heartbeat;

    private GatewayServer(WebApplication app, TimeProvider timeProvider)
    {
        (_app, _timeProvider) = (app, timeProvider);
        _requests = app.Services.GetRequiredService<RequestTracker>();
        _heartbeat = app.Services.GetRequiredService<Heartbeat>();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.None, 0);

    /// <summary>Listens at once; until there is a routing table the probes and the models' routes answer 503.</summary>
    /// <param name="options">Settings of the endpoint.</param>
    /// <param name="source">Routing tables; the caller disposes it, after the server.</param>
    /// <param name="upstream">Client to all silos (<see cref="UpstreamHttp"/>); the caller disposes it, after the server.</param>
    /// <param name="logging">Adds log providers; null for no log.</param>
    /// <param name="timeProvider">The clock of answers and waits; null for the system's.</param>
    /// <param name="random">Draws seeds of requests and picks in routing, and must be thread-safe; null for the system's.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<GatewayServer> StartAsync(
        GatewayOptions options,
        IRoutingTableSource source,
        HttpMessageInvoker upstream,
        Action<ILoggingBuilder>? logging = null,
        TimeProvider? timeProvider = null,
        Random? random = null,
        CancellationToken cancellationToken = default)
    {
        var time = timeProvider ?? TimeProvider.System;
        var app = Build(options, source, upstream, logging, time, random ?? Random.Shared);
        var server = new GatewayServer(app, time);
        server.EndPoint = await HttpHost.StartAsync(app, options.Address, cancellationToken);
        server._heartbeat.Start(options.AdvertisedUrl ?? $"{(options.CertificateFile is null ? "http" : "https")}://{server.EndPoint}");
        return server;
    }

    /// <summary>Refuses new requests, lets those in flight end, and stops listening; those left at the deadline are cut.</summary>
    /// <param name="timeout">How long requests in flight may take.</param>
    /// <returns>Number of requests that were cut.</returns>
    public async Task<int> StopAsync(TimeSpan timeout)
    {
        var cut = await _requests.DrainAsync(timeout, "shutdown", _timeProvider);
        await _app.StopAsync();
        return cut;
    }

    /// <summary>Stops at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        await _app.DisposeAsync();
    }

    private static WebApplication Build(
        GatewayOptions options,
        IRoutingTableSource source,
        HttpMessageInvoker upstream,
        Action<ILoggingBuilder>? logging,
        TimeProvider timeProvider,
        Random random)
    {
        var builder = HttpHost.CreateBuilder(
            options.Address, options.Port, logging, listen => Secure(listen, options, timeProvider), HostShutdownTimeout);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxConcurrentConnections = options.MaxConnections);
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => Allow(policy, options.AllowedOrigins)));
        builder.Services.AddSingleton(services => new ApiKeyRing(
            options.ApiKeys, options.ApiKeyFile, timeProvider, services.GetRequiredService<ILogger<ApiKeyRing>>()));
        builder.Services.AddSingleton(new ForwardingLimits(options.SlowClientTimeout, options.SharePrefixCache));
        builder.Services.AddSingleton(options).AddSingleton(source).AddSingleton(timeProvider).AddSingleton(random)
            .AddSingleton<RequestTracker>().AddSingleton<GatewayInstruments>()
            .AddSingleton(_ => new PrometheusListener([GatewayInstruments.MeterName, .. options.Meters]))
            .AddSingleton<AdmissionControl>().AddSingleton<FailoverCounts>().AddSingleton<Heartbeat>();
        builder.Services.AddGridRouting(upstream).AddTransforms<RankTransforms>();
        var app = builder.Build();
        app.UseRequestForm();
        app.UseCors();
        app.UseMiddleware<ErrorMiddleware>((Func<Exception, ILogger, ApiException>)ErrorMiddleware.Default);
        app.Use(static (context, next) =>
        {
            RequestIds.Assign(context);
            return next(context);
        });
        if (IPAddress.IsLoopback(options.Address)) app.UseMiddleware<HostMiddleware>(options.AllowedHosts);
        app.UseRouting();
        app.UseMiddleware<ApiKeyMiddleware>(app.Services.GetRequiredService<ApiKeyRing>());
        app.MapHealth();
        app.MapModels();
        app.MapReverseProxy(MapPipeline);
        app.MapGet("/metrics", app.Services.GetRequiredService<PrometheusListener>().WriteAsync);
        return app;
    }

    private static void Secure(ListenOptions listen, GatewayOptions options, TimeProvider timeProvider)
    {
        if (options.CertificateFile is not { } file) return;
        var logger = listen.ApplicationServices.GetRequiredService<ILogger<ServerCertificate>>();
        var certificate = new ServerCertificate(file, options.KeyFile!, timeProvider, logger);
        listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate.Current);
    }

    private static void Allow(CorsPolicyBuilder policy, IReadOnlyList<string> origins)
    {
        policy.AllowAnyMethod().AllowAnyHeader().SetPreflightMaxAge(PreflightMaxAge)
            .WithExposedHeaders(GridHeaders.RequestId, GridHeaders.Node, GridHeaders.Rank, HeaderNames.RetryAfter);
        if (origins.Contains("*")) policy.AllowAnyOrigin();
        else policy.WithOrigins([.. origins]);
    }

    // From admission on, all steps run once an attempt. Behind the last one is YARP's forwarder.
    private static void MapPipeline(IReverseProxyApplicationBuilder pipeline)
    {
        pipeline.UseMiddleware<RequestMiddleware>();
        pipeline.UseMiddleware<FailoverMiddleware>();
        pipeline.UseMiddleware<AdmissionMiddleware>();
        pipeline.UseLoadBalancing();
        pipeline.UseMiddleware<DispatchMiddleware>();
        pipeline.UsePassiveHealthChecks();
        pipeline.UseMiddleware<GenerationRelayMiddleware>();
        pipeline.UseMiddleware<SideRouteMiddleware>();
    }
}
