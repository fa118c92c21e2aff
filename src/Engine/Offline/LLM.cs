using Grid.Engine.Configuration;
using Grid.Engine.Inputs;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Engine.Simulation;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Offline;

/// <summary>A model for offline use, as vLLM's <c>LLM</c>: prompts in, outputs in the same order. Safe to use from many threads.</summary>
public sealed class LLM : IDisposable
{
    private readonly ServedModel _model;
    private readonly BatchGenerator _generator;

    /// <summary>Loads a model.</summary>
    /// <param name="model">A folder, a GGUF file, <c>owner/name</c> in the hub's cache, or <c>sim</c>.</param>
    /// <param name="options">How to load it; <see cref="EngineOptions.Model"/> is taken from <paramref name="model"/>.</param>
    /// <param name="progress">Receives the bytes read so far; null: no reports.</param>
    /// <param name="logger">Logs choices that were made.</param>
    /// <param name="simulation">Size and speed of the model <c>sim</c>; null: the defaults.</param>
    /// <exception cref="ModelLoadException">There is no such model, or it cannot be loaded.</exception>
    public LLM(
        string model, EngineOptions? options = null, IProgress<LoadProgress>? progress = null, ILogger? logger = null,
        SimOptions? simulation = null)
    {
        options = (options ?? new EngineOptions()) with { Model = model };
        _model = Wait(() => ModelLoader.LoadAsync(options, progress: progress, logger: logger, simulation: simulation));
        _generator = new BatchGenerator(_model, options.MaxNumQueuedReqs);
    }

    /// <summary>Sampling parameters of a call that gives none: vLLM's defaults under those of generation_config.json.</summary>
    public SamplingParams DefaultSamplingParams => _model.GenerationConfig.ToSamplingParams();

    /// <summary>Completes one prompt of text or token ids.</summary>
    /// <param name="samplingParams">Null: <see cref="DefaultSamplingParams"/>.</param>
    /// <returns>The output of one request.</returns>
    /// <exception cref="RequestValidationException">A parameter breaks its rule, or the prompt does not fit the context.</exception>
    public IReadOnlyList<RequestOutput> Generate(PromptInput prompt, SamplingParams? samplingParams = null) =>
        Run([prompt], samplingParams);

    /// <summary>Completes prompts of text.</summary>
    /// <returns>An output for each, in order.</returns>
    /// <inheritdoc cref="Generate(PromptInput, SamplingParams?)" path="/param[@name='samplingParams']"/>
    /// <inheritdoc cref="Generate(PromptInput, SamplingParams?)" path="/exception"/>
    public IReadOnlyList<RequestOutput> Generate(IEnumerable<string> prompts, SamplingParams? samplingParams = null) =>
        Run(prompts.Select(PromptInput.FromText), samplingParams);

    /// <summary>Completes prompts of token ids.</summary>
    /// <returns>An output for each, in order.</returns>
    /// <inheritdoc cref="Generate(PromptInput, SamplingParams?)" path="/param[@name='samplingParams']"/>
    /// <inheritdoc cref="Generate(PromptInput, SamplingParams?)" path="/exception"/>
    public IReadOnlyList<RequestOutput> Generate(IEnumerable<int[]> prompts, SamplingParams? samplingParams = null) =>
        Run(prompts.Select(PromptInput.FromTokenIds), samplingParams);

    /// <summary>Answers a conversation under the model's chat template.</summary>
    /// <param name="samplingParams">Null: <see cref="DefaultSamplingParams"/>, with <c>max_new_tokens</c> of generation_config.json or the
    /// rest of the context.</param>
    /// <returns>The output of one request.</returns>
    /// <exception cref="RequestValidationException">A parameter breaks its rule, the conversation does not fit, or there is no chat
    /// template.</exception>
    public IReadOnlyList<RequestOutput> Chat(IEnumerable<ChatMessage> messages, SamplingParams? samplingParams = null) =>
        Chat([messages], samplingParams);

    /// <summary>Answers conversations under the model's chat template.</summary>
    /// <returns>An output for each, in order.</returns>
    /// <inheritdoc cref="Chat(IEnumerable{ChatMessage}, SamplingParams?)" path="/param[@name='samplingParams']"/>
    /// <inheritdoc cref="Chat(IEnumerable{ChatMessage}, SamplingParams?)" path="/exception"/>
    public IReadOnlyList<RequestOutput> Chat(IEnumerable<IEnumerable<ChatMessage>> conversations, SamplingParams? samplingParams = null) =>
        Run(
        conversations.Select(messages => _model.ChatPrompts.Render(ChatMessage.ToTemplateValue(messages))),
        samplingParams ?? DefaultSamplingParams with { MaxTokens = _model.GenerationConfig.MaxNewTokens });

    /// <summary>Ends the engine and frees the model.</summary>
    public void Dispose() => Wait(async () =>
    {
        await _model.DisposeAsync();
        return true;
    });

    private IReadOnlyList<RequestOutput> Run(IEnumerable<PromptInput> prompts, SamplingParams? samplingParams) =>
        Wait(() => _generator.RunAsync(prompts, samplingParams ?? DefaultSamplingParams, CancellationToken.None));

    // On the pool, so that a caller's synchronization context is never waited for.
    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}
