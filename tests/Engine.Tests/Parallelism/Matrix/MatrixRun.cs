using Grid.Engine.Configuration;
using Grid.Engine.Loading;
using Grid.Engine.Outputs;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Engine.Validation;
using Grid.Primitives.Options;
using Grid.TestUtilities.Matrix;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Engine.Tests.Parallelism.Matrix;

/// <summary>Loads a model in one layout and asks it everything at once.</summary>
internal static class MatrixRun
{
    // Few blocks and small chunks: prompts are cut up, and requests are preempted while steps are in flight.
    private static readonly EngineOptions Options =
        new()
        {
            DType = ModelDType.Float32, CpuThreads = 1, NumGpuBlocksOverride = 16, MaxModelLen = 192,
            MaxNumBatchedTokens = 48, MaxNumSeqs = 16
        };

    /// <exception cref="ModelLoadException">The sizes do not suit the model.</exception>
    public static async Task<MatrixOutput[]> OfAsync(string folder, Layout layout)
    {
        var options = layout.Apply(Options with { Model = folder });
        var source = ModelSourceReader.Read(options, NullLogger.Instance);
        EngineOptionsValidator.Validate(source.Config, options);
        using var experts = LocalExpertGroup.Start(source.Config!, source.OpenWeights, options, NullLogger.Instance);
        var recorders = new List<LogitRecorder>();
        var ranks = new List<IInferenceEngine>();
        using var begin = new ManualResetEventSlim();
        try
        {
            for (var i = 0; i < layout.Data; i++)
            {
                var rank = i;
                ranks.Add(await LLMEngine.CreateAsync(() => Load(rank), options));
            }

            await using var engine = new DataParallelEngine(ranks);
            var groups = MatrixRequests.Of(folder, source.EosTokenIds);
            Task<MatrixOutput>[] reading =
                [.. groups.SelectMany(group => engine.Submit(group).Select((reader, choice) => ReadAsync(group[choice], reader)))];
            begin.Set();
            var outputs = await Task.WhenAll(reading);
            // Blocks go back with the end of the step, after the last token is out.
            await engine.DrainAsync();
            var status = engine.GetStatus();
            Assert.Equal((null, 0), (status.Failure, status.UsedBlocks));
            if (layout.Data == 1) Assert.True(status.Preemptions > 0, "no request was preempted");
            Assert.All(recorders, recorder => Assert.NotEmpty(recorder.Rows));
            var rows = recorders.SelectMany(recorder => recorder.Rows).ToDictionary();
            return [.. outputs.Select(output => output with { Rows = rows })];

            async Task<MatrixOutput> ReadAsync(EngineRequest request, System.Threading.Channels.ChannelReader<EngineOutput> reader)
            {
                var processor = new OutputProcessor(source.Tokenizer, request);
                var (text, tokens) = ("", new List<int>());
                await foreach (var delta in OutputStream.ReadAllAsync(engine, reader, processor))
                {
                    text += delta.Text;
                    tokens.AddRange(delta.TokenIds);
                }

                return new(request, text, [.. tokens], $"{processor.FinishReason} {processor.StopReason}", processor.NumTokens,
                    new Dictionary<(string, int), float[]>());
            }
        }
        catch
        {
            begin.Set();
            foreach (var rank in ranks) await rank.DisposeAsync();
            throw;
        }

        LogitRecorder Load(int rank)
        {
            using var weights = source.OpenWeights!();
            var recorder = new LogitRecorder(
                ModelRunnerFactory.Create(source.Config!, weights, options, experts?.Connect(rank), null, null, NullLogger.Instance),
                begin);
            recorders.Add(recorder);
            return recorder;
        }
    }
}
