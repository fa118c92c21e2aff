using System.Runtime.CompilerServices;
using Grid.Engine.Kernels;
using Grid.Engine.Layers.Experts;
using Grid.Engine.Parallelism.Collectives;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>
/// An attention rank's way to the experts. What a lost shard has not answered is asked again of a copy or of its next incarnation;
/// a call is a pure function of its rows, so that changes no bit.
/// </summary>
/// <param name="group">The experts.</param>
/// <param name="use">What the rank asked of them.</param>
/// <param name="timeout">How long a step may wait for an answer in all.</param>
internal sealed class ExpertClient(IExpertGroup group, ExpertUse use, TimeSpan timeout)
{
    private StrongBox<bool> _interrupted = new();
    private long _step;

    /// <summary>Where waits for answers are counted.</summary>
    public CollectiveTimes Times { get; set; } = new();

    /// <summary>The experts.</summary>
    public IExpertGroup Group => group;

    /// <summary>What the rank asked of them.</summary>
    public ExpertUse Use => use;

    /// <summary>Told of the rank's steps; null: another rank's count.</summary>
    public ExpertRebalancer? Rebalancer { get; init; }

    /// <summary>For one of the shards of the rank, which are at different steps.</summary>
    public ExpertClient OfShard() => new(group, use, timeout) { _interrupted = _interrupted };

    /// <summary>Has the rank's calls fail from now on, those that wait included. May be called on any thread.</summary>
    public void Interrupt() => Volatile.Write(ref _interrupted.Value, true);

    /// <summary>Tells that the rank begins another step.</summary>
    public void CountStep() => Rebalancer?.OnStep();

    /// <summary>Tells which step is being computed from now on.</summary>
    public void BeginStep(long step) => _step = step;

    /// <summary>The experts of one layer.</summary>
    public IExpertLayer OfLayer(int layer, IKernels kernels) => new Layer(this, layer, kernels);

    private sealed class Layer(ExpertClient client, int layer, IKernels kernels) : IExpertLayer
    {
        public void AddTo(Tensor sum, Tensor x, ExpertRouting routing)
        {
            using var question = client.Question(layer);
            question.Ask(kernels, x, routing);
            question.AddTo(kernels, sum, routing);
        }
    }

    private ExpertQuestion Question(int layer) => new(group.Directory, use, Times, layer, _step, timeout, _interrupted);
}
