using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Routing;
using Grid.Gateway.Forwarding;
using Grid.Gateway.Hosting;
using Grid.Gateway.Tests.Fakes;
using Grid.Hosting.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Grid.Benchmarks;

/// <summary>
/// What a gateway adds to an upstream that answers at once: latency at fixed rates of arrival, and processor time. All of it shares this
/// process.
/// </summary>
internal static class GatewayBenchmark
{
    private const int Tokens = 20;
    private const int Warmup = 3000;

    private const string Chunk = """
        {"id":"cmpl-1","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":" word","finish_reason":null}]}
        """;

    private static readonly int[] Rates = [100, 500];
    private static readonly byte[] Body =
        Encoding.UTF8.GetBytes($$"""{"model":"m","stream":true,"max_tokens":{{Tokens}},"prompt":"{{new string('x', 800)}}"}""");

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = args is [var given] ? int.Parse(given, CultureInfo.InvariantCulture) : 10;
        await using var upstream = await StartUpstreamAsync();
        var url = upstream.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        using var toSilo = UpstreamHttp.Create();
        var source = new InMemoryRoutingTableSource();
        source.Set(
            new RoutingTable("bench", 1, new GatewaySpec(),
            [new ModelRoute("m", [], "m", 0, null, false, TimeSpan.Zero, [Rank(0, url), Rank(1, url)])], DateTimeOffset.UnixEpoch));
        await using var gateway = await GatewayServer.StartAsync(new GatewayOptions { Name = "bench", Port = 0 }, source, toSilo);
        using var client = UpstreamHttp.Create();
        Console.WriteLine($"{Tokens} tokens a stream, {seconds} s a rate, {Environment.ProcessorCount} cores");
        Console.WriteLine("rate  way      p50 ms   p99 ms   CPU ms/request");
        foreach (var rate in Rates)
        {
            var straight = await MeasureAsync(client, url, rate, seconds);
            var through = await MeasureAsync(client, $"http://{gateway.EndPoint}", rate, seconds);
            Print(rate, "straight", straight);
            Print(rate, "gateway", through);
            var cost = through.Cpu - straight.Cpu;
            Console.WriteLine(
                $"{rate,4}  added  {through.P50 - straight.P50,8:F3} {through.P99 - straight.P99,8:F3} {cost,8:F3}   {1000 / cost:F0} "
                + "requests/s per core");
        }

        return 0;
    }

    private static RankRoute Rank(int index, string url) =>
        new($"m/r{index}/dp0", 1, $"n{index}", url, true, "n", "r", 0, 0, 0, 0, 1 << 20, 256, 8192);

    private static void Print(int rate, string way, (double P50, double P99, double Cpu) result) =>
        Console.WriteLine($"{rate,4}  {way,-8} {result.P50,6:F3} {result.P99,8:F3} {result.Cpu,8:F3}");

    private static async Task<(double P50, double P99, double Cpu)> MeasureAsync(HttpMessageInvoker client, string url, int rate,
        int seconds)
    {
        for (var i = 0; i < Warmup; i++) await AskAsync(client, url);
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var requests = new Task<double>[rate * seconds];
        var began = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < requests.Length;)
        {
            var due = Math.Min(requests.Length, (int)(Stopwatch.GetElapsedTime(began).TotalSeconds * rate) + 1);
            for (; sent < due; sent++) requests[sent] = AskAsync(client, url);
            await Task.Delay(1);
        }

        var latencies = await Task.WhenAll(requests);
        process.Refresh();
        var used = (process.TotalProcessorTime - cpu).TotalMilliseconds / latencies.Length;
        Array.Sort(latencies);
        return (latencies[latencies.Length / 2], latencies[latencies.Length * 99 / 100], used);
    }

    private static async Task<double> AskAsync(HttpMessageInvoker client, string url)
    {
        var began = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, url + "/v1/completions") { Content = new ByteArrayContent(Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await client.SendAsync(request, CancellationToken.None);
        await response.EnsureSuccessStatusCode().Content.CopyToAsync(Stream.Null);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task<WebApplication> StartUpstreamAsync()
    {
        byte[][] events = [.. Enumerable.Range(0, Tokens).Select(index => Encoding.UTF8.GetBytes(
            $$""": grid {"a":0,"c":0,"i":{{index}},"t":[{{index}}],"n":{{5 * (index + 1)}}}""" + "\n"
            + "data: " + Chunk + "\n\n"))];
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentType = "text/event-stream";
            foreach (var item in events)
            {
                await context.Response.BodyWriter.WriteAsync(item);
            }

            await context.Response.WriteAsync("data: [DONE]\n\n");
        });
        await app.StartAsync();
        return app;
    }
}
