using Grid.Engine.Attention;
using Grid.Engine.Kernels;
using Grid.Engine.Layers;
using Grid.Engine.Models;
using Grid.Engine.Scheduling;
using static TorchSharp.torch;

namespace Grid.Engine.Execution;

/// <summary>Runs a model over libtorch tensors on one device.</summary>
internal sealed unsafe class TorchModelRunner : IModelRunner
{
    // Logits of long prompts are computed in pieces: a row of them is far wider than a hidden state.
    private const int LogitRowsAtOnce = 128;

    private readonly LayerContext _context;
    private readonly ICausalLM _model;
    private readonly IAttentionBackend _attention;
    private readonly StepInputs _inputs;
    private readonly NativeBuffer<float> _logits = new();

    /// <param name="context">Passes into the runner's hands.</param>
    /// <param name="model">Built from it.</param>
    /// <param name="attention">Passes into the runner's hands.</param>
    /// <param name="maxTokens">Tokens that a step usually has at most.</param>
    /// <param name="info">Facts of the model.</param>
    public TorchModelRunner(LayerContext context, ICausalLM model, IAttentionBackend attention, int maxTokens, ModelRunnerInfo info)
    {
        _context = context;
        _model = model;
        _attention = attention;
        _inputs = new StepInputs(info.VocabSize, maxTokens, context.Device);
        Info = info;
    }

    public ModelRunnerInfo Info { get; set; }

    public void InitializeKVCache(int numBlocks)
    {
        using var mode = inference_mode();
        _attention.Allocate(numBlocks);
    }

    public ModelRunnerOutput Execute(SchedulerOutput step)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        _inputs.Fill(step);
        _attention.Prepare(step);
        using var tokenIds = _inputs.TokenIds();
        using var positions = _inputs.Positions();
        using var hidden = _model.Forward(new ForwardContext(tokenIds, positions, _inputs.NumPositions, _attention));
        return ComputeLogits(hidden);
    }

    public void Dispose()
    {
        _attention.Dispose();
        _inputs.Dispose();
        _logits.Dispose();
        _context.Dispose();
    }

    private ModelRunnerOutput ComputeLogits(HiddenStates hidden)
    {
        var rows = _inputs.LogitRows;
        _logits.EnsureCapacity((long)rows.Length * Info.VocabSize);
        for (var first = 0; first < rows.Length; first += LogitRowsAtOnce)
        {
            var some = rows.Slice(first, Math.Min(LogitRowsAtOnce, rows.Length - first));
            using var selected = new HiddenStates(
                _context.Kernels.SelectRows(hidden.Residual, some),
                hidden.Delta is null ? null : _context.Kernels.SelectRows(hidden.Delta, some));
            using var logits = _model.ComputeLogits(selected);
            _context.Kernels.CopyToHost(logits, new Span<float>(_logits.Pointer + (long)first * Info.VocabSize, some.Length * Info.VocabSize));
        }
        return new ModelRunnerOutput(_logits.Pointer, rows.Length, Info.VocabSize);
    }
}
