using System.Globalization;
using System.Threading.Channels;
using Grid.Cli.Bench.Datasets;
using Grid.Cli.Loading;
using Grid.Engine.Configuration;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Hosting.Logging;
using Grid.Primitives.Options;
using Microsoft.Extensions.Logging;

namespace Grid.Cli.Bench;

/// <summary>An engine in this process that answers whole sets of prompts.</summary>
internal sealed class OfflineEngine(ServedModel model, double temperature, TimeProvider time) : IAsyncDisposable
{
    private int _requests;

    public int MaxModelLen => model.Engine.Info.MaxModelLen;

    /// <summary>Loads a model; its queue holds as many requests as the benchmark sends.</summary>
    public static async Task<OfflineEngine> LoadAsync(EngineOptions options, int requests, double temperature, TextWriter log)
    {
        var roomy = options with { MaxNumQueuedReqs = Math.Max(options.MaxNumQueuedReqs, requests) };
        using var logs = LoggerFactory.Create(builder => builder.AddStderr(json: false));
        var logger = logs.CreateLogger("grid");
        using var display = new LoadingDisplay(log, logger);
        var model = await ModelLoader.LoadAsync(roomy, progress: display, logger: logger);
        return new OfflineEngine(model, temperature, TimeProvider.System);
    }

    /// <summary>The ids of a text, without special tokens.</summary>
    public IReadOnlyList<int> Tokenize(string text) => model.Tokenizer.Encode(text, addSpecialTokens: false);

    /// <summary>Submits all prompts at once; ends with the last token. EOS does not end an answer.</summary>
    /// <returns>Seconds, prompt tokens and output tokens.</returns>
    public async Task<(double Seconds, int PromptTokens, int OutputTokens)> RunAsync(IReadOnlyList<BenchPrompt> prompts,
        CancellationToken cancellation)
    {
        var requests = prompts.Select(ToRequest).ToArray();
        var start = time.GetTimestamp();
        var readers = requests.Select(request => model.Engine.Submit([request])[0]).ToArray();
        var counts = await Task.WhenAll(readers.Select(reader => CountAsync(reader, cancellation)));
        return (time.GetElapsedTime(start).TotalSeconds, requests.Sum(request => request.PromptTokenIds.Length), counts.Sum());
    }

    public ValueTask DisposeAsync() => model.DisposeAsync();

    private static async Task<int> CountAsync(ChannelReader<EngineOutput> reader, CancellationToken cancellation)
    {
        var tokens = 0;
        await foreach (var output in reader.ReadAllAsync(cancellation))
        {
            if (output.Error is { } error) throw new EngineDeadException(error);
            if (output.TokenId >= 0) tokens++;
        }

        return tokens;
    }

    private EngineRequest ToRequest(BenchPrompt prompt, int index) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"bench-{Interlocked.Increment(ref _requests)}"),
        PromptTokenIds = [.. prompt.Prompt.TokenIds ?? Tokenize(prompt.Prompt.Text!)],
        Sampling = new SamplingParams { Temperature = temperature, IgnoreEos = true, MaxTokens = prompt.OutputTokens, Seed = index },
    };
}
