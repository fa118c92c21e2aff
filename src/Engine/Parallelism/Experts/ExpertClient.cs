using System.Runtime.CompilerServices;
using Grid.Engine.Collectives;
using Grid.Engine.Experts;
using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>
/// An attention rank's access to the experts. Rows that a lost shard has not answered are sent again, to a copy or to the shard's next
/// incarnation. A call is a pure function of its rows, so that changes no bit.
/// </summary>
/// <param name="usage">Counts what the rank sends to them.</param>
/// <param name="timeout">How long a step may wait for an answer in all.</param>
/// <param name="time">The clock that waits follow.</param>
internal sealed class ExpertClient(IExpertGroup group, ExpertUsage usage, TimeSpan timeout, TimeProvider time) : IExpertSource
{
    private StrongBox<bool> _interrupted = new();
    private long _step;

    public CollectiveTimes Times { get; set; } = new();

    /// <summary>The experts.</summary>
    public IExpertGroup Group => group;

    public ExpertUsage Usage => usage;

    /// <summary>Moves experts as the rank's steps are counted; null: another rank's count.</summary>
    public ExpertRebalancer? Rebalancer { get; init; }

    /// <summary>Access for one of the shards of the rank, which may be at different steps.</summary>
    public ExpertClient OfShard() => new(group, usage, timeout, time) { _interrupted = _interrupted };

    public void Interrupt() => Volatile.Write(ref _interrupted.Value, true);

    public void CountStep() => Rebalancer?.OnStep();

    public void BeginStep(long step) => _step = step;

    public IExpertLayer OfLayer(int layer, IKernels kernels) => new Layer(this, layer, kernels);

    private ExpertDispatch NewDispatch(int layer) => new(group.Directory, usage, Times, layer, _step, timeout, time, _interrupted);

    private sealed class Layer(ExpertClient client, int layer, IKernels kernels) : IExpertLayer
    {
        public void AddTo(Tensor sum, Tensor x, ExpertRouting routing)
        {
            using var dispatch = client.NewDispatch(layer);
            dispatch.Send(kernels, x, routing);
            dispatch.Combine(kernels, sum, routing);
        }
    }
}
