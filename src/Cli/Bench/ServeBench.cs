using System.Text;
using Grid.Cli.Bench.Datasets;
using Grid.Client;
using Grid.Client.Requests;

namespace Grid.Cli.Bench;

/// <summary>Sends prompts at given times and measures each stream.</summary>
internal sealed class ServeBench(GridClient client, string path, bool chat, string model, bool ignoreEos, double temperature,
    TimeProvider time)
{
    /// <summary>Sends all prompts and waits for all answers.</summary>
    /// <param name="prompts">The prompts to send.</param>
    /// <param name="arrivals">Seconds after the start, one a prompt.</param>
    /// <param name="maxConcurrency">The maximum number of concurrent requests; null for no limit.</param>
    /// <param name="cancellation">Cancels the run; what has been measured so far is kept.</param>
    /// <returns>Outcomes in the prompts' order, and seconds from the start to the last answer.</returns>
    public async Task<(IReadOnlyList<RequestOutcome> Outcomes, double Duration)> RunAsync(
        IReadOnlyList<BenchPrompt> prompts, double[] arrivals, int? maxConcurrency, CancellationToken cancellation)
    {
        using var slots = new SemaphoreSlim(maxConcurrency ?? int.MaxValue);
        var start = time.GetTimestamp();
        var requests = new Task<RequestOutcome>[prompts.Count];
        for (var i = 0; i < prompts.Count; i++)
        {
            var wait = TimeSpan.FromSeconds(arrivals[i]) - time.GetElapsedTime(start);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellation);
            requests[i] = SendAsync(prompts[i], slots, cancellation);
        }

        var outcomes = await Task.WhenAll(requests);
        return (outcomes, time.GetElapsedTime(start).TotalSeconds);
    }

    private async Task<RequestOutcome> SendAsync(BenchPrompt prompt, SemaphoreSlim slots, CancellationToken cancellation)
    {
        await slots.WaitAsync(cancellation);
        try
        {
            return await MeasureAsync(prompt, cancellation);
        }
        catch (Exception fault) when (fault is HttpRequestException or GridClientException or IOException)
        {
            return new RequestOutcome { Error = fault.Message, PromptTokens = prompt.PromptTokens };
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task<RequestOutcome> MeasureAsync(BenchPrompt prompt, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var gaps = new List<double>();
        var (promptTokens, outputTokens, timeToFirst) = (prompt.PromptTokens, 0, 0.0);
        var start = time.GetTimestamp();
        var last = start;
        await foreach (var chunk in client.StreamAsync(path, RequestOf(prompt), cancellation))
        {
            if (chunk.Usage is { } usage) (promptTokens, outputTokens) = (usage.PromptTokens, usage.CompletionTokens);
            if (chunk.Choice < 0 || (chunk.Text.Length == 0 && chunk.FinishReason is null)) continue;
            var now = time.GetTimestamp();
            if (timeToFirst == 0) timeToFirst = time.GetElapsedTime(start, now).TotalSeconds;
            else if (chunk.Text.Length > 0) gaps.Add(time.GetElapsedTime(last, now).TotalSeconds);
            last = now;
            text.Append(chunk.Text);
        }

        return new RequestOutcome
        {
            PromptTokens = promptTokens,
            OutputTokens = outputTokens,
            TimeToFirstToken = timeToFirst,
            Latency = time.GetElapsedTime(start, last).TotalSeconds,
            InterTokenLatencies = gaps,
            Text = text.ToString(),
        };
    }

    private GenerationRequest RequestOf(BenchPrompt prompt) => chat
        ? new ChatRequest
        {
            Model = model, Messages = [new ChatMessage("user", prompt.Prompt.Text!)], MaxTokens = prompt.OutputTokens,
            Temperature = temperature, IgnoreEos = ignoreEos ? true : null
        }
        : new CompletionRequest
        {
            Model = model, Prompt = prompt.Prompt, MaxTokens = prompt.OutputTokens, Temperature = temperature,
            IgnoreEos = ignoreEos ? true : null
        };
}
