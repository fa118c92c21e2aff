using System.Threading.Channels;
using Grid.Engine.Execution;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Engine.Simulation;
using Grid.Primitives.Options;

namespace Grid.Engine.Tests.Serving;

/// <summary>Requests and engines over the simulated model, without delays.</summary>
internal static class EngineTestBed
{
    public const int Vocab = 1000;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static SimOptions Sim { get; } = SimOptions.Instant with { Vocab = Vocab, KVTokens = 4096, MaxModelLen = 512 };

    public static EngineOptions Options { get; } = new() { Model = "sim" };

    public static Task<LLMEngine> CreateAsync(EngineOptions? options = null, SimOptions? sim = null,
        Func<IModelRunner, IModelRunner>? wrap = null)
    {
        options ??= Options;
        return LLMEngine.CreateAsync(() =>
        {
            IModelRunner runner = new SimulatedModelRunner(sim ?? Sim, options.BlockSize);
            return wrap is null ? runner : wrap(runner);
        }, options);
    }

    public static EngineRequest Request(string id, int[] prompt, int maxTokens = 16, Func<SamplingParams, SamplingParams>? sampling = null)
    {
        var parameters = new SamplingParams { Temperature = 0, Seed = 0, MaxTokens = maxTokens };
        return new() { Id = id, PromptTokenIds = prompt, Sampling = sampling?.Invoke(parameters) ?? parameters };
    }

    public static int[] Prompt(int length, int seed = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(Vocab))];
    }

    public static int[] Expected(EngineRequest request) =>
        SimOracle(request, request.Sampling.MaxTokens!.Value);

    public static ChannelReader<EngineOutput> Submit(this IInferenceEngine engine, EngineRequest request) => engine.Submit([request])[0];

    public static async Task<List<EngineOutput>> ReadAsync(ChannelReader<EngineOutput> reader)
    {
        using var timeout = new CancellationTokenSource(Patience);
        var outputs = new List<EngineOutput>();
        await foreach (var output in reader.ReadAllAsync(timeout.Token)) outputs.Add(output);
        return outputs;
    }

    public static int[] Tokens(IEnumerable<EngineOutput> outputs) =>
        [.. outputs.Where(output => output.TokenId >= 0).Select(output => output.TokenId)];

    private static int[] SimOracle(EngineRequest request, int count) =>
        Grid.TestUtilities.Simulation.SimOracle.Greedy(request.PromptTokenIds, count, Vocab);
}
