using Grid.Engine.Configuration;
using Grid.Engine.Execution;
using Grid.Engine.Layers;
using Grid.Engine.Models.Families;
using Grid.Engine.Models.Files;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Weights;
using Grid.Engine.Weights.Folders;
using Grid.Primitives.Options;
using Grid.Primitives.Timing;
using Grid.TestUtilities;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace Grid.Engine.Tests.Parallelism.Experts;

[Collection(nameof(OneThreadAShard))]
public sealed class ExpertShardWorkerTests
{
    private static readonly string Folder = Fixtures.Own("hf/mixtral");
    private static readonly EngineOptions Options =
        new() { Model = Folder, DType = ModelDType.Float32, CpuThreads = 1, EnableExpertParallel = true, ExpertParallelSize = 2 };

    [Fact]
    public async Task Submit_CallsOfOneLayerTogether_FailsOnlyTheOneThatNamesAnExpertElsewhere()
    {
        using var go = new ManualResetEventSlim();
        using var bed = new Bed(go);
        // All wait until the experts are loaded, and are taken together.
        var calls = new[] { 0, 3, 0 }.Select(expert => bed.Ask(expert)).ToList();
        go.Set();
        await bed.Worker.Loaded;
        foreach (var call in calls) Assert.True(call.Wait(Deadline.After(TimeProvider.System, TimeSpan.FromMinutes(1))));
        Assert.Equal("ep0 does not hold expert 3 of layer 0, which step 5 needs.", calls[1].Failure!.Message);
        using var first = calls[0].Take();
        using var third = calls[2].Take();
        Assert.Null(calls[1].Take());
        Assert.Equal(first!.data<float>().ToArray(), third!.data<float>().ToArray());
    }

    [Fact]
    public async Task TrimAsync_AfterAMove_DropsWhatThePlacementDoesNotGive()
    {
        using var go = new ManualResetEventSlim(initialState: true);
        using var bed = new Bed(go);
        await bed.Worker.Loaded;
        var moved = bed.Placement.With(0, [[1], [0], [0], [0]]);
        await bed.Worker.PrepareAsync(moved);
        bed.AssertAnswers([0, 1, 2, 3]);
        await bed.Worker.TrimAsync();
        bed.AssertAnswers([0, 1]);
        await bed.Worker.PlaceAsync(moved);
        bed.AssertAnswers([0, 1, 2, 3]);
        await bed.Worker.TrimAsync();
        bed.AssertAnswers([1, 2, 3]);
        // An older one changes nothing.
        await bed.Worker.PlaceAsync(bed.Placement);
        await bed.Worker.TrimAsync();
        bed.AssertAnswers([1, 2, 3]);
        Assert.Equal(moved, bed.Worker.Placement);
    }

    [Fact]
    public async Task GetLoadAsync_OfCallsThatAreAskedAgain_CountsThemOnce()
    {
        using var go = new ManualResetEventSlim(initialState: true);
        using var bed = new Bed(go);
        await bed.Worker.Loaded;
        foreach (var attempt in new[] { 0, 1, 2 }) bed.Ask(1, attempt);
        Assert.Equal([0, 2, 0, 0], (await bed.Worker.GetLoadAsync()).Take(4));
    }

    private sealed class Bed : IDisposable
    {
        private readonly ModelConfig _config = ModelConfigReader.Read(Path.Combine(Folder, "config.json"));
        private readonly IWeightSource _weights;

        public Bed(ManualResetEventSlim go)
        {
            _weights = WeightSources.OpenFolder(Folder, ModelRegistry.Of(_config).TensorPrefix);
            Placement = ExpertPlacement.Create(_config, Options);
            Worker = new ExpertShardWorker(0, Placement, new ExpertLoad(_config.NumHiddenLayers, _config.NumExperts), (layer, expert) =>
            {
                go.Wait();
                return Load(layer, expert);
            });
        }

        public ExpertPlacement Placement { get; }

        public ExpertShardWorker Worker { get; }

        public ExpertCall Ask(int expert, int attempt = 0)
        {
            var call = new ExpertCall(0, 5, attempt, [new ExpertRun(expert, 2)], ones(2, _config.HiddenSize));
            Worker.Submit(call);
            return call;
        }

        public void AssertAnswers(int[] experts)
        {
            var answered = Enumerable.Range(0, _config.NumExperts).Where(expert =>
            {
                var call = Ask(expert);
                Assert.True(call.Wait(Deadline.After(TimeProvider.System, TimeSpan.FromMinutes(1))));
                using var output = call.Take();
                return output is not null;
            });
            Assert.Equal(experts, answered);
        }

        public void Dispose()
        {
            Worker.Dispose();
            _weights.Dispose();
        }

        private (LayerContext, GatedMlp) Load(int layer, int expert)
        {
            using var loader = new WeightLoader(_weights);
            var context = ShardFactory.CreateContext(_config, loader, Options, ShardPlacement.Whole(_config.NumHiddenLayers),
                NullLogger.Instance);
            return (context, ModelRegistry.Of(_config).Experts.Load(context, layer, expert));
        }
    }
}
