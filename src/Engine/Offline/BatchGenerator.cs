using System.Globalization;
using System.Threading.Channels;
using Grid.Engine.Inputs;
using Grid.Engine.Outputs;
using Grid.Engine.Requests;
using Grid.Engine.Serving;

namespace Grid.Engine.Offline;

/// <summary>Runs many prompts through an engine, as many at once as its queue takes.</summary>
/// <param name="maxInFlight">Choices that may be submitted and not ended.</param>
internal sealed class BatchGenerator(ServedModel model, int maxInFlight)
{
    private readonly LogprobTable _table = new(model.Tokenizer);
    private long _requests;

    /// <summary>All prompts are checked before the first is run.</summary>
    /// <returns>Outputs in the order of the prompts.</returns>
    public async Task<IReadOnlyList<RequestOutput>> RunAsync(IEnumerable<PromptInput> prompts, SamplingParams sampling,
        CancellationToken cancellationToken)
    {
        // vLLM lets an offline request run to the model's length where max_tokens goes beyond it.
        var options = new RequestOptions { DefaultMaxTokens = sampling.MaxTokens };
        var inputs = prompts.Select(prompt => model.Inputs.Process(NextId(), prompt, sampling with { MaxTokens = null }, options)).ToList();
        using var slots = new SemaphoreSlim(Math.Max(maxInFlight, sampling.N));
        using var failure = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<RequestOutput>>(inputs.Count);
        try
        {
            foreach (var input in inputs)
            {
                for (var choice = 0; choice < input.Requests.Count; choice++) await slots.WaitAsync(failure.Token);
                running.Add(CollectAsync(input, model.Engine.Submit(input.Requests), slots, failure));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A request failed, and its own exception says more.
        }
        catch
        {
            await failure.CancelAsync();
            await Task.WhenAll(running).ContinueWith(_ => { }, TaskScheduler.Default);
            throw;
        }

        return await Task.WhenAll(running);
    }

    private string NextId() => (Interlocked.Increment(ref _requests) - 1).ToString(CultureInfo.InvariantCulture);

    private async Task<RequestOutput> CollectAsync(
        ProcessedInputs input, IReadOnlyList<ChannelReader<EngineOutput>> outputs, SemaphoreSlim slots, CancellationTokenSource failure)
    {
        try
        {
            var builders = await Task.WhenAll(
                input.Requests.Select((request, choice) => CollectAsync(request, outputs[choice], slots, failure.Token)));
            return new RequestOutput
            {
                RequestId = input.RequestId,
                Prompt = input.Prompt,
                PromptTokenIds = input.PromptTokenIds,
                PromptLogprobs = builders[0].PromptLogprobs?.Select(position => position is null ? null : _table.Of(position)).ToList(),
                Outputs = [.. builders.Select(builder => builder.Build())],
                NumCachedTokens = builders[0].NumCachedTokens,
            };
        }
        catch
        {
            await failure.CancelAsync();
            throw;
        }
    }

    private async Task<CompletionBuilder> CollectAsync(
        EngineRequest request, ChannelReader<EngineOutput> outputs, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        try
        {
            var processor = new OutputProcessor(model.Tokenizer, request);
            var builder = new CompletionBuilder(processor, _table, request.Sampling.Logprobs is not null);
            await foreach (var delta in OutputStream.ReadAllAsync(model.Engine, outputs, processor, cancellationToken))
                builder.Append(delta);
            return builder;
        }
        finally
        {
            slots.Release();
        }
    }
}
