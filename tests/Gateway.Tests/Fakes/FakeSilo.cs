using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Grid.Abstractions.Http;
using Grid.Hosting.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Grid.Gateway.Tests.Fakes;

/// <summary>A silo that answers from <see cref="FakeModel"/> and does to each call what it is told.</summary>
internal sealed class FakeSilo : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _running;

    private FakeSilo(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    public ConcurrentQueue<FakeCall> Calls { get; } = [];

    /// <summary>What to do to a call.</summary>
    public Func<FakeCall, FakePlan> Plan { get; set; } = _ => FakePlan.Answer;

    /// <summary>Calls that have not ended.</summary>
    public int Running => Volatile.Read(ref _running);

    public static async Task<FakeSilo> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var silo = new FakeSilo(app);
        app.Run(silo.HandleAsync);
        await app.StartAsync();
        silo.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return silo;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        Interlocked.Increment(ref _running);
        try
        {
            var call = await ReadAsync(context.Request);
            await using var aborted = context.RequestAborted.UnsafeRegister(state => ((FakeCall)state!).Aborted.TrySetResult(), call);
            Calls.Enqueue(call);
            await AnswerAsync(context, call, Plan(call));
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private static async Task<FakeCall> ReadAsync(HttpRequest request)
    {
        var body = (await JsonDocument.ParseAsync(request.Body)).RootElement;
        var resume = request.Path == "/internal/v1/resume" ? body.Deserialize<ResumeRequest>() : null;
        long Header(string name) => long.TryParse(request.Headers[name], CultureInfo.InvariantCulture, out var value) ? value : -1;
        return new FakeCall
        {
            Path = request.Path,
            Rank = request.Headers[GridHeaders.Rank].ToString(),
            Attempt = resume?.Attempt ?? (int)Header(GridHeaders.Attempt),
            Epoch = resume?.Epoch ?? Header(GridHeaders.Epoch),
            Seed = resume?.Seed ?? Header(GridHeaders.Seed),
            Created = resume?.Created ?? Header(GridHeaders.Created),
            RequestId = resume?.RequestId ?? request.Headers[GridHeaders.RequestId].ToString(),
            Headers =
                request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Body = resume?.Body ?? body,
            Resume = resume,
        };
    }

    private static async Task PauseAsync(HttpResponse response, FakePlan plan, CancellationToken aborted)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!plan.Release.IsCompleted)
        {
            if (plan.Beat is { } beat) await response.WriteAsync($": ping {beat()}\n\n", aborted);
            await timer.WaitForNextTickAsync(aborted);
        }
    }

    private static async Task AnswerAsync(HttpContext context, FakeCall call, FakePlan plan)
    {
        var (response, aborted) = (context.Response, context.RequestAborted);
        await plan.Before.WaitAsync(aborted);
        if (plan.Status is { } status)
        {
            response.StatusCode = status;
            response.ContentType = "application/json";
            if (plan.Header is { } header) response.Headers[header.Name] = header.Value;
            await response.WriteAsync(plan.Error, aborted);
            return;
        }

        if (call.Attempt < 0)
        {
            await response.WriteAsync(FakeModel.Json(new { path = call.Path }), aborted);
            return;
        }

        if (plan.Floods)
        {
            response.ContentType = "text/event-stream";
            var flood = Encoding.UTF8.GetBytes($$"""data: {"text":"{{new string('x', 8 << 10)}}"}""" + "\n\n");
            while (true) await response.Body.WriteAsync(flood, aborted);
        }

        var events = FakeModel.Events(call, plan);
        if (plan.HandOverAfter is { } count)
            events = [.. events.Take(count),
                $$""": grid {"a":{{call.Attempt}},"c":0,"i":999,"t":[],"n":0,"f":"stop","h":"drain"}""" + "\n\n"];
        response.ContentType = "text/event-stream";
        await response.StartAsync(aborted);
        await response.BodyWriter.FlushAsync(aborted);
        if (plan.PauseAfter is { } before)
        {
            await response.WriteAsync(string.Concat(events.Take(before)), aborted);
            await PauseAsync(response, plan, aborted);
            events = [.. events.Skip(before)];
        }

        var bytes = Encoding.UTF8.GetBytes(string.Concat(events));
        await response.Body.WriteAsync(bytes.AsMemory(0, Math.Min(bytes.Length, plan.CutAfter ?? plan.StallAfter ?? bytes.Length)),
            aborted);
        await response.Body.FlushAsync(aborted);
        if (plan.StallAfter is not null) await Task.Delay(Timeout.Infinite, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (plan.CutAfter is not null && !plan.EndsInOrder) context.Abort();
    }
}
