using System.Diagnostics;
using Grid.Engine.Configuration;
using Grid.Engine.Execution;
using Grid.Engine.Loading;
using Grid.Engine.Models.Files;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Engine.Weights;
using Grid.Primitives.Options;
using Grid.TestUtilities;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Benchmarks;

/// <summary>Prefill and decode of one engine, token ids in and out. What to compare are the shares of one run.</summary>
internal static class EngineBenchmark
{
    private const int PromptTokens = 256, OutputTokens = 65;
    private static readonly int[] StreamCounts = [1, 8, 32];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (device, models) = arguments is ["--device", var name, .. var rest] ? (name, rest) : ("cpu", arguments);
        if (models.Length == 0 && Fixtures.SharedModel("smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf") is { } smolLM2)
            models = [smolLM2];
        Console.WriteLine(
            $"{device}, {Environment.ProcessorCount} threads, prompts of {PromptTokens} tokens, {OutputTokens - 1} decode steps; best of "
            + "3");
        Console.WriteLine(
            $"{"model",-34} {"bits",4} {"streams",7} {"prefill tok/s",14} {"decode tok/s",13} {"ms/step",8} {"weights GB/s",13} "
            + $"{"of a read",10}");
        await MeasureAsync("135M, random weights", device, SmolLM2Shape.Config, () => null);
        foreach (var model in models)
        {
            var files = ModelFiles.Resolve(model, null);
            var config = files.ReadConfig();
            await MeasureAsync(Path.GetFileName(model.TrimEnd('/')), device, config, () => files.OpenWeights(config));
        }

        return 0;
    }

    private static async Task MeasureAsync(string name, string device, ModelConfig config, Func<IWeightSource?> open)
    {
        var options = new EngineOptions
        {
            Model = name,
            Devices = DeviceId.Parse(device),
            DType = ModelDType.BFloat16,
            Seed = 1,
            MaxModelLen = 1024,
            EnablePrefixCaching = false,
            KVCacheMemoryBytes = 2L << 30,
        };
        var bytesAWeight = 0L;
        await using var engine = await LLMEngine.CreateAsync(
            () =>
            {
                var runner = Load(config, options, open);
                bytesAWeight = BytesANumber(config, runner.Info);
                return runner;
            }, options);
        var weightBytes = SmolLM2Shape.WeightsAStep(config) * bytesAWeight;
        foreach (var streams in StreamCounts)
        {
            var (prefill, decode) = (0.0, 0.0);
            for (var round = 0; round < 4; round++)
            {
                var measured = await RunOnceAsync(engine, streams, round);
                if (round == 0) continue; // warms up
                (prefill, decode) = (Math.Max(prefill, measured.Prefill), Math.Max(decode, measured.Decode));
            }

            var read = device == "cpu"
                ? MemoryBandwidth.Read(weightBytes, Environment.ProcessorCount)
                : MemoryBandwidth.ReadDevice(weightBytes, device);
            var weightsASecond = weightBytes * decode / streams;
            Console.WriteLine(
                $"{name,-34} {bytesAWeight * 8,4} {streams,7} {prefill,14:N0} {decode,13:N1} {1000 * streams / decode,8:N2} "
                + $"{weightsASecond / 1e9,13:N1} {weightsASecond / read,10:P0}");
        }
    }

    // The type that the runner chose: a CPU without fast bfloat16 computes in float32. The KV cache has it too.
    private static long BytesANumber(ModelConfig config, ModelRunnerInfo info) =>
        info.BytesPerBlock / (2L * config.NumHiddenLayers * config.NumKeyValueHeads * config.HeadDim * info.BlockSize);

    private static IModelRunner Load(ModelConfig config, EngineOptions options, Func<IWeightSource?> open)
    {
        using var weights = open();
        if (weights is null) options = options with { LoadFormat = LoadFormat.Dummy };
        return ModelRunnerFactory.Create(config, weights, options, null, NullLogger.Instance);
    }

    // Tokens a second until every stream has its first token, and from then on until the first stream ends.
    private static async Task<(double Prefill, double Decode)> RunOnceAsync(LLMEngine engine, int streams, int round)
    {
        var random = new Random(HashCode.Combine(streams, round));
        var requests = Enumerable.Range(0, streams).Select(stream => new EngineRequest
        {
            Id = $"{streams}-{round}-{stream}",
            PromptTokenIds = [.. Enumerable.Range(0, PromptTokens).Select(_ => random.Next(engine.Info.VocabSize))],
            Sampling = new SamplingParams { Temperature = 0, Seed = 0, IgnoreEos = true, MaxTokens = OutputTokens },
        });
        var start = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(engine.Submit([.. requests]).Select(async reader =>
        {
            var seen = new List<double>(OutputTokens);
            await foreach (var _ in reader.ReadAllAsync()) seen.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            return seen;
        }));
        var (first, last) = (times.Max(seen => seen[0]), times.Min(seen => seen[^1]));
        var decoded = times.Sum(seen => seen.Count(time => time > first && time <= last));
        return (streams * PromptTokens / first, decoded / (last - first));
    }
}
