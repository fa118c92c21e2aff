using System.Diagnostics;
using Grid.Engine.Attention;
using Grid.Engine.Collectives;
using Grid.Engine.Devices;
using Grid.Engine.Experts;
using Grid.Engine.Kernels;
using Grid.Engine.KVCache;
using Grid.Engine.Layers;
using Grid.Engine.Models;
using Grid.Engine.Sampling;
using Grid.Engine.Scheduling;
using Grid.Engine.Steps;
using Grid.Primitives.Ids;
using static TorchSharp.torch;

namespace Grid.Engine.Execution;

/// <summary>Runs a model, or one shard of it, over libtorch tensors on one device.</summary>
internal sealed unsafe class TorchModelRunner : IModelRunner, IRunnerTelemetry
{
    // Logits of long prompts are computed in pieces: a row of them is far wider than a hidden state.
    private const int LogitRowsAtOnce = 128;

    private readonly LayerContext _context;
    private readonly ShardPlacement _placement;
    private readonly ICausalLM _model;
    private readonly IAttentionBackend _attention;
    private readonly StepInputs _inputs;
    private readonly StepBatch _batch = new();
    private readonly NativeBuffer<float> _logits = new();
    private readonly HostSampler _sampler = new();
    private readonly StepProgress _progress = new();
    private SchedulerOutput? _step;
    private long _busyTicks;

    /// <param name="context">The device and memory of the model; the runner disposes it.</param>
    /// <param name="model">The model, built from the same context.</param>
    /// <param name="attention">The attention backend; the runner disposes it.</param>
    /// <param name="maxTokens">The most tokens that a step usually has.</param>
    /// <param name="info">Facts of the model.</param>
    public TorchModelRunner(LayerContext context, ICausalLM model, IAttentionBackend attention, int maxTokens, ModelRunnerInfo info)
    {
        _context = context;
        _placement = context.Placement;
        _model = model;
        _attention = attention;
        _inputs = new StepInputs(info.VocabSize, maxTokens, context.Device);
        Info = info;
    }

    public ModelRunnerInfo Info { get; set; }

    public IRunnerTelemetry Telemetry => this;

    /// <summary>After which <see cref="Waits"/> reports a wait.</summary>
    public required TimeSpan LongWait { get; init; }

    public IReadOnlyList<(string Shard, CollectiveTimes Times)> ShardTimes => [(ShardId.NameWithinRank(0, 0, 1), _placement.Times)];

    public string? Waits => _placement.Times.Wait.Describe(LongWait);

    public long BusyTicks => Volatile.Read(ref _busyTicks);

    public double? BubbleShare => null;

    public long Progress => _progress.Ticks;

    public ExpertUsage? ExpertUsage => _placement.Experts?.Usage;

    public IKVCacheStorage KVCache => _attention.KVCache;

    public void Submit(SchedulerOutput step)
    {
        if (_step is not null) throw new InvalidOperationException("Steps in flight must be at most 1.");
        _step = step;
    }

    public ModelRunnerOutput Collect()
    {
        var step = _step ?? throw new InvalidOperationException("No step is in flight.");
        _step = null;
        var start = Stopwatch.GetTimestamp();
        _batch.Fill(step);
        _placement.Experts?.CountStep();
        var rows = Compute(_batch, _logits);
        Volatile.Write(ref _busyTicks, _busyTicks + Stopwatch.GetTimestamp() - start);
        return _sampler.Answer(step, rows, Info.VocabSize);
    }

    /// <summary>Computes this shard's part of a step, together with the other shards.</summary>
    /// <param name="step">The same on all shards.</param>
    /// <param name="logits">Takes the logit rows.</param>
    /// <returns>The rows; none but in the last stage.</returns>
    public LogitRows Compute(StepBatch step, NativeBuffer<float> logits)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        _placement.TensorGroup.Step = _placement.PipelineGroup.Step = step.Step;
        _placement.Experts?.BeginStep(step.Step);
        _inputs.Fill(step);
        _attention.Prepare(step);
        using var tokenIds = _inputs.TokenIds();
        using var positions = _inputs.Positions();
        using var hidden =
            _model.Forward(new ForwardContext(tokenIds, positions, _inputs.NumPositions, _attention, _progress), Receive(step.NumTokens));
        if (_placement.Stage.IsLast) return ComputeLogits(hidden, logits);
        Send(hidden);
        return default;
    }

    public void Interrupt() => _placement.Experts?.Interrupt();

    public void Dispose()
    {
        _attention.Dispose();
        _inputs.Dispose();
        _logits.Dispose();
        _context.Dispose();
        if (_context.Device.type == TorchSharp.DeviceType.CUDA) CudaMemoryCache.Release(_context.Device);
    }

    private Tensor? Receive(int tokens)
    {
        if (_placement.Stage.IsFirst) return null;
        var residual = empty(tokens, _context.Config.HiddenSize, ScalarType.Float32, _context.Device);
        _placement.PipelineGroup.Receive(residual, _placement.Stage.Index - 1);
        return residual;
    }

    private void Send(HiddenStates hidden)
    {
        // The next norm would add it first of all: to add it here changes no bit.
        if (hidden.Delta is not null) _context.Kernels.Add(hidden.Residual, hidden.Delta);
        _placement.PipelineGroup.Send(hidden.Residual, _placement.Stage.Index + 1);
    }

    private LogitRows ComputeLogits(HiddenStates hidden, NativeBuffer<float> destination)
    {
        var rows = _inputs.LogitRows;
        if (_placement.HasLogits) destination.EnsureCapacity((long)rows.Length * Info.VocabSize);
        for (var first = 0; first < rows.Length; first += LogitRowsAtOnce)
        {
            var some = rows.Slice(first, Math.Min(LogitRowsAtOnce, rows.Length - first));
            using var selected = new HiddenStates(
                _context.Kernels.SelectRows(hidden.Residual, some),
                hidden.Delta is null ? null : _context.Kernels.SelectRows(hidden.Delta, some));
            using var logits = _model.ComputeLogits(selected);
            if (_placement.HasLogits)
                _context.Kernels.CopyToHost(logits,
                    new Span<float>(destination.Pointer + (long)first * Info.VocabSize, some.Length * Info.VocabSize));
        }
        return !_placement.HasLogits ? default : new LogitRows(destination.Pointer, rows.Length, Info.VocabSize);
    }
}
