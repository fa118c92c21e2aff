using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grid.Abstractions;
using Grid.Cli.Bench.Datasets;
using Grid.Cli.CommandLine;
using Grid.Client;
using Grid.Primitives.Units;

namespace Grid.Cli.Bench;

/// <summary><c>grid bench serve</c>: measures a server from a client's side.</summary>
internal static class ServeBenchCommand
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true };

    public static Command Create()
    {
        var flags = new ServeBenchFlags();
        var dataset = new DatasetFlags();
        var verb = new Verb("serve", "Send requests to a running server and measure TTFT, TPOT, ITL, throughput and goodput")
        {
            Examples =
            [
                ("grid bench serve --num-prompts 200 --random-input-len 256 --random-output-len 64", "send all requests at once"),
                ("grid bench serve --request-rate 4 --goodput ttft:500 tpot:100",
                    "Poisson arrivals; count requests that meet both objectives"),
                ("grid bench serve --save-result --result-dir results", "save the results as JSON"),
            ],
            Variables = [("GRID_API_KEY", "key of the server")],
        };
        verb.Add(flags.Options);
        verb.Add(dataset.Options);
        verb.SetAction(async result =>
        {
            using var interruption = new Interruption();
            return await RunAsync(result, flags, dataset, interruption.Token);
        });
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult result, ServeBenchFlags flags, DatasetFlags dataset, CancellationToken cancellation)
    {
        var (metrics, percentiles) = (flags.Metrics(result), flags.Percentiles(result));
        var objectives = ServiceLevel.Parse(result.GetValue(flags.Goodput) ?? []);
        using var http =
            new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue }) { Timeout = Timeout.InfiniteTimeSpan };
        var client = new GridClient(http, flags.Address(result),
            result.GetValue(flags.ApiKey) ?? Environment.GetEnvironmentVariable("GRID_API_KEY"));
        var model = result.GetValue(flags.Model) ?? await ServerCalls.FirstModelAsync(client, flags.Address(result), cancellation);
        var random = new Random(result.GetValue(flags.Seed));
        var log = result.InvocationConfiguration.Error;
        var prompts = await ServerCalls.AskAsync(flags.Address(result),
            () => dataset.DrawAsync(result, text => client.TokenizeAsync(model, text, cancellation), flags.IsChat(result), random));
        var bench = new ServeBench(client, flags.Path(result), flags.IsChat(result), model, result.GetValue(flags.IgnoreEos),
            result.GetValue(flags.Temperature) ?? 0, TimeProvider.System);

        log.WriteLine("Starting initial single prompt test run...");
        if ((await bench.RunAsync(prompts.Take(1).ToArray(), new double[1], null, cancellation)).Outcomes is [{ Error: { } error }])
            throw new CommandException($"The first request failed, so the benchmark was not run: {error}", ExitCodes.Failed);
        var warmups = result.GetValue(flags.NumWarmups);
        if (warmups > 0)
            await bench.RunAsync([.. Enumerable.Range(0, warmups).Select(i => prompts[i % prompts.Count])], new double[warmups],
                result.GetValue(flags.MaxConcurrency), cancellation);
        log.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
            $"Traffic request rate: {result.GetValue(flags.RequestRate)}, burstiness {result.GetValue(flags.Burstiness)}, requests "
                + $"{prompts.Count}"));
        var arrivals = ArrivalTimes.Draw(prompts.Count, result.GetValue(flags.RequestRate), result.GetValue(flags.Burstiness), random);
        var (outcomes, duration) = await bench.RunAsync(prompts, arrivals, result.GetValue(flags.MaxConcurrency), cancellation);

        foreach (var group in outcomes.Where(outcome => !outcome.Succeeded).GroupBy(outcome => outcome.Error))
            log.WriteLine($"grid: {Plural.Count(group.Count(), "request")} failed: {group.Key}");
        var statistics = ServeStatistics.Of(outcomes, duration, objectives);
        var report = new ServeReport(statistics, metrics, percentiles);
        report.Write(result.InvocationConfiguration.Output);
        if (result.GetValue(flags.SaveResult) || result.GetValue(flags.SaveDetailed) || result.GetValue(flags.ResultFilename) is not null)
            log.WriteLine($"grid: result written to {Save(result, flags, report, model, outcomes)}");
        return statistics.Completed > 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static string Save(ParseResult result, ServeBenchFlags flags, ServeReport report, string model,
        IReadOnlyList<RequestOutcome> outcomes)
    {
        var rate = result.GetValue(flags.RequestRate);
        var now = TimeProvider.System.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var json = new JsonObject
        {
            ["date"] = now,
            ["endpoint_type"] = result.GetValue(flags.Backend),
            ["backend"] = result.GetValue(flags.Backend),
            ["model_id"] = model,
            ["num_prompts"] = outcomes.Count,
            ["request_rate"] = double.IsPositiveInfinity(rate) ? "inf" : rate,
            ["burstiness"] = result.GetValue(flags.Burstiness),
            ["max_concurrency"] = result.GetValue(flags.MaxConcurrency),
        };
        foreach (var (key, value) in report.ToJson()) json[key] = value?.DeepClone();
        if (result.GetValue(flags.SaveDetailed)) AddDetails(json, outcomes);
        var name = result.GetValue(flags.ResultFilename)
            ?? string.Create(CultureInfo.InvariantCulture,
            $"{result.GetValue(flags.Backend)}-{(double.IsPositiveInfinity(rate) ? "inf" : rate)}qps-{model.Split('/')[^1]}-{now}.json");
        var folder = result.GetValue(flags.ResultDir) ?? ".";
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, json.ToJsonString(Form));
        return path;
    }

    private static void AddDetails(JsonObject json, IReadOnlyList<RequestOutcome> outcomes)
    {
        json["input_lens"] = JsonSerializer.SerializeToNode(outcomes.Select(outcome => outcome.PromptTokens));
        json["output_lens"] = JsonSerializer.SerializeToNode(outcomes.Select(outcome => outcome.OutputTokens));
        json["ttfts"] = JsonSerializer.SerializeToNode(outcomes.Select(outcome => outcome.TimeToFirstToken));
        json["itls"] = JsonSerializer.SerializeToNode(outcomes.Select(outcome => outcome.InterTokenLatencies));
        json["generated_texts"] = JsonSerializer.SerializeToNode(outcomes.Select(outcome => outcome.Text));
        json["errors"] = JsonSerializer.SerializeToNode(outcomes.Select(outcome => outcome.Error ?? ""));
    }
}
