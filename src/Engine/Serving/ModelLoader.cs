using Grid.Engine.Configuration;
using Grid.Engine.Execution;
using Grid.Engine.Inputs;
using Grid.Engine.Loading;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Parallelism.Remote;
using Grid.Engine.Simulation;
using Grid.Engine.Validation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Engine.Serving;

/// <summary>Loads a model and starts its engine.</summary>
public static class ModelLoader
{
    /// <summary>Finds the model's files, reads them, loads the weights and reserves the KV cache.</summary>
    /// <param name="options">What to load and how.</param>
    /// <param name="modelName">The served name, for metrics; null: the model as given.</param>
    /// <param name="progress">Receives the bytes read so far; null: no reports.</param>
    /// <param name="logger">Logs choices that were made; null: nothing is logged.</param>
    /// <param name="timeProvider">Time of latencies, chat templates and the simulation; null: the system's.</param>
    /// <param name="simulation">Size and speed of the model <c>sim</c>, and speed of any other that runs simulated; null: the
    /// defaults.</param>
    /// <param name="engine">Index of the data-parallel rank, for metrics.</param>
    /// <param name="shards">Where the shards of a rank over several nodes are; null: all here.</param>
    /// <param name="sharedExperts">Experts that other ranks use too; null: the options say whether there are any of its own.</param>
    /// <param name="cancellationToken">Ends a simulated load; a real one ends where <paramref name="progress"/> throws.</param>
    /// <exception cref="ModelLoadException">There is no such model, its files are broken, the options do not suit it, or it does not
    /// fit.</exception>
    public static async Task<ServedModel> LoadAsync(
        EngineOptions options,
        string? modelName = null,
        IProgress<LoadProgress>? progress = null,
        ILogger? logger = null,
        TimeProvider? timeProvider = null,
        SimOptions? simulation = null,
        int engine = 0,
        RemoteShards? shards = null,
        ExpertShards? sharedExperts = null,
        CancellationToken cancellationToken = default)
    {
        var log = logger ?? NullLogger.Instance;
        var clock = timeProvider ?? TimeProvider.System;
        var sim = simulation ?? new SimOptions();
        var source = SimulatedModel.Is(options.Model) ? SimulatedSource.Read(sim) : ModelSourceReader.Read(options, log);
        EngineOptionsValidator.Validate(source.Config, options);
        if (source.GenerationConfig.Describe() is { Length: > 0 } defaults)
            log.DefaultSamplingParameters(defaults);

        var experts = sharedExperts is null ? StartExperts(source, options, log, clock) : null;
        var started = await StartEngineAsync(
            rank => CreateRunner(source, OfRank(options, rank), (experts ?? sharedExperts?.Group)?.Connect(engine + rank), shards, sim,
            progress, log, clock, cancellationToken), experts, options, modelName, engine, clock, log).ConfigureAwait(false);
        var limits = new InputLimits
        {
            MaxModelLen = started.Info.MaxModelLen, VocabSize = started.Info.VocabSize,
            MaxLogprobs = options.MaxLogprobs
        };
        return new ServedModel
        {
            Options = options,
            Engine = started,
            Tokenizer = source.Tokenizer,
            Config = source.Config,
            GenerationConfig = source.GenerationConfig,
            Inputs = new InputProcessor(source.Tokenizer, limits, source.EosTokenIds, SeedSource.Create(options.Seed)),
            ChatPrompts =
                new ChatPromptRenderer(source.ChatTemplate, source.TokenizerConfig.BosToken, source.TokenizerConfig.EosToken, clock),
            Root = source.Root,
            Experts = experts,
        };
    }

    private static IExpertGroup? StartExperts(ModelSource source, EngineOptions options, ILogger logger, TimeProvider clock) =>
        source.Config is not { } config || options.IsSimulated ? null
        : ExpertShards.Start(config, source.OpenWeights, options, logger, clock);

    private static async Task<IInferenceEngine> StartEngineAsync(
        Func<int, IModelRunner> createRunner, IExpertGroup? experts, EngineOptions options, string? modelName, int engine,
        TimeProvider clock, ILogger logger)
    {
        var ranks = new List<IInferenceEngine>();
        try
        {
            for (var i = 0; i < options.DataParallelSize; i++)
            {
                var rank = i;
                ranks.Add(
                    await LLMEngine.CreateAsync(() => createRunner(rank), options, modelName, engine + rank, clock, logger)
                    .ConfigureAwait(false));
            }

            return ranks is [var only] ? only : new DataParallelEngine(ranks);
        }
        catch
        {
            foreach (var rank in ranks) await rank.DisposeAsync().ConfigureAwait(false);
            experts?.Dispose();
            throw;
        }
    }

    private static EngineOptions OfRank(EngineOptions options, int rank) =>
        options with { Devices = options.Devices.OfRank(rank, options.TensorParallelSize * options.PipelineParallelSize) };

    private static IModelRunner CreateRunner(
        ModelSource source, EngineOptions options, ExpertClient? experts, RemoteShards? shards, SimOptions sim,
        IProgress<LoadProgress>? progress, ILogger logger, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (source.Config is not { } config) return SimulatedModelRunner.Load(sim, options.BlockSize, clock, progress, cancellationToken);
        if (options.IsSimulated)
        {
            var sized = sim with { Vocab = config.VocabSize, MaxModelLen = MaxModelLength.Derive(config) };
            return SimulatedModelRunner.Load(sized, options.BlockSize, clock, progress, cancellationToken);
        }

        using var weights = options.LoadFormat == LoadFormat.Dummy ? null : source.OpenWeights?.Invoke();
        return ModelRunnerFactory.Create(config, weights, options, experts, shards, progress, logger, clock);
    }
}
