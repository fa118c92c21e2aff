using System.CommandLine;
using System.Globalization;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Bench;

/// <summary>Flags of <c>grid bench serve</c> beside the dataset's.</summary>
internal sealed class ServeBenchFlags
{
    public Option<string> Backend { get; } =
        Flags.Choice("--backend", "openai", ["openai", "vllm", "openai-chat"], "API to send requests to");

    public Option<string?> Endpoint { get; } =
        Flags.Text("--endpoint", "PATH", "Path of the API [default: /v1/completions, for openai-chat /v1/chat/completions]");

    public Option<string?> BaseUrl { get; } = Flags.Text("--base-url", "URL", "Base URL of the server, instead of --host and --port");

    public Option<string?> Host { get; } = Flags.Text("--host", "HOST", "Host of the server [default: 127.0.0.1]");

    public Option<int> Port { get; } = Flags.Integer("--port", 8000, 1, 65535, "Port of the server");

    public Option<string?> Model { get; } =
        Flags.Text("--model", "NAME", "Model to request [default: the first one that the server lists]");

    public Option<string?> ApiKey { get; } = Flags.Text("--api-key", "KEY", "API key of the server [default: GRID_API_KEY]");

    public Option<double> RequestRate { get; } =
        Flags.Number("--request-rate", double.PositiveInfinity, 1e-6, double.PositiveInfinity, "Requests per second; inf: all at once");

    public Option<double> Burstiness { get; } = Flags.Number("--burstiness", 1, 1e-3, 1e6,
        "Burstiness of arrivals: 1 is a Poisson process, lower is burstier, higher more uniform");

    public Option<int?> MaxConcurrency { get; } =
        Flags.OptionalInteger("--max-concurrency", 1, int.MaxValue, "Maximum concurrent requests [default: no limit]");

    public Option<bool> IgnoreEos { get; } = Flags.Switch("--ignore-eos", "Generate the full output length even after end-of-text");

    public Option<double?> Temperature { get; } = Flags.OptionalNumber("--temperature", 0, 2, "Sampling temperature [default: 0]");

    public Option<int> Seed { get; } = Flags.Integer("--seed", 0, 0, int.MaxValue, "Seed of prompts and arrival times");

    public Option<int> NumWarmups { get; } = Flags.Integer("--num-warmups", 0, 0, int.MaxValue, "Number of warm-up requests");

    public Option<string[]> Goodput { get; } = new("--goodput")
    {
        HelpName = "ttft:MS tpot:MS e2el:MS",
        Description = "Service level objectives that a request must meet to count as goodput",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string> PercentileMetrics { get; } = new("--percentile-metrics")
    {
        HelpName = "LIST",
        Description = "Metrics to report, of ttft,tpot,itl,e2el", DefaultValueFactory = _ => "ttft,tpot,itl"
    };

    public Option<string> MetricPercentiles { get; } = new("--metric-percentiles")
    {
        HelpName = "LIST",
        Description = "Percentiles to report, such as 50,90,99", DefaultValueFactory = _ => "99"
    };

    public Option<bool> SaveResult { get; } = Flags.Switch("--save-result", "Write the result as JSON");

    public Option<bool> SaveDetailed { get; } = Flags.Switch("--save-detailed", "Include the measurements of each request");

    public Option<string?> ResultDir { get; } = Flags.Text("--result-dir", "FOLDER", "Folder for the JSON [default: .]");

    public Option<string?> ResultFilename { get; } =
        Flags.Text("--result-filename", "FILE", "Name of the JSON [default: BACKEND-RATEqps-MODEL-TIME.json]");

    public IEnumerable<Option> Options =>
    [
        Backend, Endpoint, BaseUrl, Host, Port, Model, ApiKey, RequestRate, Burstiness, MaxConcurrency, IgnoreEos, Temperature, Seed,
            NumWarmups,
        Goodput, PercentileMetrics, MetricPercentiles, SaveResult, SaveDetailed, ResultDir, ResultFilename,
    ];

    public bool IsChat(ParseResult result) => result.GetValue(Backend) == "openai-chat";

    public string Path(ParseResult result) => result.GetValue(Endpoint) ?? (IsChat(result) ? "/v1/chat/completions" : "/v1/completions");

    public Uri Address(ParseResult result)
    {
        var text = result.GetValue(BaseUrl)
            ?? string.Create(CultureInfo.InvariantCulture, $"http://{result.GetValue(Host) ?? "127.0.0.1"}:{result.GetValue(Port)}");
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new CommandException($"--base-url must be an http address; got '{text}'.");
    }

    public string[] Metrics(ParseResult result)
    {
        var names = result.GetRequiredValue(PercentileMetrics)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.FirstOrDefault(name => name is not ("ttft" or "tpot" or "itl" or "e2el")) is { } other
            ? throw new CommandException($"--percentile-metrics must be of ttft, tpot, itl and e2el; got '{other}'.")
            : names;
    }

    public double[] Percentiles(ParseResult result) =>
    [
        .. result.GetRequiredValue(MetricPercentiles).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(text =>
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 100
                ? value
                : throw new CommandException($"--metric-percentiles must be numbers from 0 to 100; got '{text}'.")),
    ];
}
