using Grid.Engine.Execution;
using Grid.Engine.Loading;
using Grid.Engine.Models.Families;
using Grid.Engine.Models.Files;
using Grid.Engine.Requests;
using Grid.Engine.Sampling;
using Grid.Engine.Scheduling;
using Grid.Engine.Weights.Folders;
using Grid.Engine.Weights.Gguf;
using Grid.Primitives.Ids;
using Grid.Primitives.Options;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Engine.Tests.Execution;

/// <summary>Feeds a runner steps by hand, without a scheduler.</summary>
internal sealed class StepDriver : IDisposable
{
    public const int BlockSize = 16;

    private readonly SchedulerOutput _step = new();
    private readonly Stack<int> _freeBlocks;

    public StepDriver(string folder, string dtype = "float32", string runner = "auto", int numBlocks = 256, int blockSize = BlockSize,
        string device = "cpu")
        : this(Load(folder, Options(folder, dtype, runner, blockSize, device)), numBlocks)
    {
    }

    public StepDriver(IModelRunner runner, int numBlocks)
    {
        Runner = runner;
        runner.KVCache.Reserve(numBlocks);
        _freeBlocks = new Stack<int>(Enumerable.Range(0, numBlocks).Reverse());
    }

    public IModelRunner Runner { get; }

    private static EngineOptions Options(string folder, string dtype, string runner, int blockSize, string device) => new()
    {
        Model = folder,
        DType = EngineChoices.DTypes.Parse(dtype),
        Runner = EngineChoices.Runners.Parse(runner),
        BlockSize = blockSize,
        Devices = DeviceId.Parse(device),
    };

    /// <summary>Loads a folder or a GGUF file.</summary>
    public static IModelRunner Load(string path, EngineOptions options)
    {
        if (File.Exists(path)) return LoadGguf(path, options);
        var config = ModelConfigReader.Read(Path.Combine(path, "config.json"));
        using var weights = WeightSources.OpenFolder(path, ModelRegistry.Of(config).TensorPrefix);
        return ModelRunnerFactory.Create(config, weights, options, null, NullLogger.Instance);
    }

    /// <summary>Changes the order in which blocks are handed out from now on.</summary>
    public void ShuffleBlocks(Random random)
    {
        var blocks = _freeBlocks.ToArray();
        random.Shuffle(blocks);
        _freeBlocks.Clear();
        foreach (var block in blocks) _freeBlocks.Push(block);
    }

    public static Request Start(IReadOnlyList<int> prompt) =>
        new(new EngineRequest { Id = "r", PromptTokenIds = [.. prompt], Sampling = new SamplingParams { MaxTokens = 1024 } });

    /// <summary>Gives a request blocks up to so many tokens.</summary>
    public void Reserve(Request request, int tokens)
    {
        while (request.BlockTable.Count * Runner.Info.BlockSize < tokens) request.BlockTable.Append(_freeBlocks.Pop());
    }

    public void Finish(Request request)
    {
        foreach (var block in request.BlockTable.Blocks) _freeBlocks.Push(block);
        request.BlockTable.Clear();
    }

    /// <summary>Computes the next tokens of some requests in one step.</summary>
    public LogitRows Step(params ReadOnlySpan<(Request Request, int Tokens, int Logits)> work)
    {
        _step.Scheduled.Clear();
        _step.Step++;
        (_step.NumTokens, _step.NumLogits) = (0, 0);
        foreach (var (request, tokens, logits) in work)
        {
            Reserve(request, request.NumComputedTokens + tokens);
            _step.Scheduled.Add(new ScheduledRequest(request, request.NumComputedTokens, tokens, logits));
            _step.NumTokens += tokens;
            _step.NumLogits += logits;
        }
        Runner.Submit(_step);
        var rows = Runner.Collect().Logits;
        foreach (var scheduled in _step.Scheduled) scheduled.Request.NumComputedTokens += scheduled.NumScheduledTokens;
        return rows;
    }

    /// <summary>Logits of every position of the prompt.</summary>
    public float[][] Prefill(Request request, int chunk = int.MaxValue)
    {
        var rows = new List<float[]>();
        while (request.NumComputedTokens < request.NumTokens)
        {
            var count = Math.Min(chunk, request.NumTokens - request.NumComputedTokens);
            var output = Step((request, count, count));
            for (var row = 0; row < count; row++) rows.Add(output[row].ToArray());
        }
        return [.. rows];
    }

    /// <summary>Greedy tokens after the prompt, with the logits each was taken from.</summary>
    public List<(int Token, float[] Logits)> Greedy(Request request, int count)
    {
        var tokens = new List<(int, float[])>();
        while (tokens.Count < count)
        {
            var logits = Step((request, request.NumTokens - request.NumComputedTokens, 1))[0].ToArray();
            var token = ArgMax(logits);
            tokens.Add((token, logits));
            request.Append(token);
        }
        return tokens;
    }

    public static int ArgMax(ReadOnlySpan<float> logits) => logits.IndexOf(logits.ToArray().Max());

    public void Dispose() => Runner.Dispose();

    private static IModelRunner LoadGguf(string path, EngineOptions options)
    {
        var file = new GgufFile(path);
        var config = ModelConfigReader.Read(file);
        using var weights = new GgufWeightSource(file, ModelRegistry.Of(config).GgufTensors, config.HeadDim);
        return ModelRunnerFactory.Create(config, weights, options, null, NullLogger.Instance);
    }
}
