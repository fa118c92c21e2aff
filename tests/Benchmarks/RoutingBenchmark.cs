using System.Globalization;
using System.Text.Json;
using Grid.TestUtilities.Load;
using Grid.TestUtilities.Processes;

namespace Grid.Benchmarks;

/// <summary>
/// Two replicas and 150 prefixes of 1,024 tokens, of which one replica's cache holds 108: the routing policies side by side, and two
/// gateways beside one. Real processes on the simulated engine, a fresh grid for each row.
/// </summary>
internal static class RoutingBenchmark
{
    private const int Prefixes = 150;
    private const int PrefixBytes = 1024;
    private const int Warmup = 3 * Prefixes;
    private const int Tokens = 32;
    private const int Concurrency = 16;
    private const string Hits = "grid:gateway_prefix_hits_total";

    private static readonly int[] Draws = new Random(1).GetItems([.. Enumerable.Range(0, Prefixes)], 1 << 14);

    private sealed record Row(double TtftMean, double TtftP50, double TtftP99, double TokensPerSecond, double HitRate);

    public static async Task<int> RunAsync(string[] args)
    {
        var requests = args is [var given] ? int.Parse(given, CultureInfo.InvariantCulture) : 600;
        Console.WriteLine(
            $"2 replicas, {Prefixes} prefixes of {PrefixBytes} tokens, {Concurrency} streams, {requests} requests a row after "
            + $"{Warmup} to warm up, {Environment.ProcessorCount} cores");
        Console.WriteLine("routing       gateways  TTFT mean   p50      p99 ms   tokens/s  prompt tokens cached");
        var robin = await MeasureAsync("round-robin", 1, requests);
        var aware = await MeasureAsync("prefix-aware", 1, requests);
        var both = await MeasureAsync("prefix-aware", 2, requests);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"prefix-aware over round-robin: TTFT mean {robin.TtftMean / aware.TtftMean:F2}x less, tokens/s "
            + $"{aware.TokensPerSecond / robin.TokensPerSecond:F2}x; hit rate of two gateways over that of one: "
            + $"{both.HitRate / aware.HitRate:F3}"));
        return 0;
    }

    private static async Task<Row> MeasureAsync(string routing, int gateways, int requests)
    {
        var root = Directory.CreateTempSubdirectory("grid-routing-").FullName;
        try
        {
            var config = Path.Combine(root, "grid.yaml");
            await File.WriteAllTextAsync(config, $"""
                apiVersion: grid/v1
                kind: Grid
                metadata: {"{name: bench}"}
                gateway: {"{routing: "}{routing}{"}"}
                models:
                - name: fake
                  source: sim
                  replicas: 2
                  sim: {"{weights: 1GiB, load: 100ms, kvTokens: 114688, maxModelLen: 4096, prefillTokensPerSecond: 8000, step: 6ms}"}

                """);
            await using var head = Start(root, "a", "up", "--head", "--device", "sim:1x8GiB", "--config", config);
            await head.WaitForOutputAsync(IsReady);
            await ExpectAsync($"wait --for=model=fake:Ready --timeout 60s --data-dir {Path.Combine(root, "a")}");
            var token = await ExpectAsync($"token create --data-dir {Path.Combine(root, "a")}");
            await using var second = Start(root, "g", "gateway", "--join", Endpoint(root, "a", "join"), "--token", token.Output);
            await second.WaitForOutputAsync(IsReady);
            Uri[] urls = [.. new[] { "a", "g" }.Take(gateways).Select(name => new Uri(Endpoint(root, name, "http")))];
            return await MeasureAsync(routing, urls, requests);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<Row> MeasureAsync(string routing, Uri[] gateways, int requests)
    {
        using var http = new HttpClient();
        var settings = new LoadSettings { Gateways = gateways, Concurrency = Concurrency, Requests = Request };
        await LoadDriver.RunAsync(settings, Warmup);
        var hits = await HitsAsync(http, gateways);
        var report = await LoadDriver.RunAsync(settings with { Requests = number => Request(number + Warmup) }, requests);
        if (report.Failed > 0) throw new InvalidOperationException(report.Tell(0, TimeSpan.Zero));
        var first = report.Outcomes.Select(outcome => outcome.FirstEvent.TotalMilliseconds).Order().ToArray();
        var row = new Row(
            first.Average(), first[first.Length / 2], first[first.Length * 99 / 100],
            report.Outcomes.Sum(outcome => outcome.Answer!.Tokens.Length) / report.Elapsed.TotalSeconds,
            (await HitsAsync(http, gateways) - hits) / (double)report.Outcomes.Sum(outcome => outcome.Answer!.PromptTokens));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{routing,-13} {gateways.Length,8} {row.TtftMean,10:F0} {row.TtftP50,6:F0} {row.TtftP99,8:F0} "
            + $"{row.TokensPerSecond,10:F0} {row.HitRate,14:P1}"));
        return row;
    }

    private static async Task<long> HitsAsync(HttpClient http, Uri[] gateways) =>
        (await Task.WhenAll(gateways.Select(gateway => GatewayMetrics.ReadAsync(http, gateway, Hits)))).Sum();

    // Which prefix comes is drawn, so that no policy is helped or hurt by an order; the same draws for each row.
    private static LoadRequest Request(int number)
    {
        var prefix = Draws[number % Draws.Length];
        var content = string.Create(CultureInfo.InvariantCulture, $"{prefix:000} ").PadRight(PrefixBytes, (char)('a' + (prefix % 26)))
            + string.Create(CultureInfo.InvariantCulture, $" question {number}?");
        return LoadRequests.Make("fake", content, Tokens, isChat: false, isStream: true, null);
    }

    private static GridProcess Start(string root, string name, params string[] arguments) =>
        GridProcess.Start([.. arguments, "--name", name, "--data-dir", Path.Combine(root, name), "--port-base", "0"], root);

    private static bool IsReady(string line) => line.StartsWith("grid: ready ", StringComparison.Ordinal);

    private static async Task<GridProcess> ExpectAsync(string line)
    {
        var process = await GridProcess.RunAsync(line);
        return process.ExitCode == 0 ? process : throw new InvalidOperationException($"grid {line}: {process.Error}");
    }

    private static string Endpoint(string root, string name, string key)
    {
        using var endpoints = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, name, "endpoints.json")));
        return endpoints.RootElement.GetProperty(key).GetString()!;
    }
}
