using System.Runtime.InteropServices;
using Grid.Engine.Configuration;
using Grid.Engine.Execution;
using Grid.Engine.KVCache;
using Grid.Engine.Sampling;
using Grid.Engine.Scheduling;

namespace Grid.Engine.Simulation;

/// <summary>
/// A model without tensors. What it keeps in a KV slot is the hash of all ids up to that token, and it reads the slot before it to go on:
/// a token that is lost, repeated, out of order, or in the wrong block changes every token after it.
/// </summary>
internal sealed unsafe class SimulatedModelRunner : IModelRunner
{
    private const int MinVocab = 257;
    private const int LoadSlices = 20;

    private readonly SimOptions _options;
    private readonly StepClock _clock;
    private readonly SimulatedKVCache _cache;
    private float* _logits;
    private int _rowCapacity;
    private int _rowsInUse;
    private int[] _candidates = [];
    private readonly HostSampler _sampler = new();
    private SchedulerOutput? _step;

    /// <summary>A model that is ready at once; <see cref="Load"/> takes the time of a real one.</summary>
    /// <param name="options">The size and speed of the simulated model.</param>
    /// <param name="blockSize">Tokens a KV block holds (<c>--block-size</c>).</param>
    /// <param name="timeProvider">Measures the steps; null: the system's.</param>
    /// <exception cref="ModelLoadException">The vocabulary has no room above the 256 bytes.</exception>
    public SimulatedModelRunner(SimOptions options, int blockSize = 16, TimeProvider? timeProvider = null)
    {
        if (options.Vocab < MinVocab)
            throw new ModelLoadException($"vocab of a simulated model must be at least {MinVocab}; got {options.Vocab}.",
                ModelLoadFault.Layout);
        if (blockSize < 1) throw new ModelLoadException($"--block-size must be at least 1; got {blockSize}.", ModelLoadFault.Layout);
        _options = options;
        _clock = new StepClock(options, timeProvider ?? TimeProvider.System);
        Telemetry = new NoTelemetry(_clock.Progress);
        // Its KV cache is counted in tokens: a block of so many tokens counts as so many bytes.
        Info = new(options.Vocab, blockSize, blockSize, options.KVTokens, "sim")
        {
            KVBlock = SimulatedKVCache.LayoutOf(blockSize), MaxModelLen = options.MaxModelLen,
        };
        _cache = new(Info.KVBlock);
    }

    /// <inheritdoc/>
    public ModelRunnerInfo Info { get; }

    /// <summary>A model that takes its time to load, with progress.</summary>
    /// <param name="options">The size and speed of the simulated model.</param>
    /// <param name="blockSize">Tokens a KV block holds (<c>--block-size</c>).</param>
    /// <param name="timeProvider">Measures load and steps; null: the system's.</param>
    /// <param name="progress">Receives the bytes read so far; null: no reports.</param>
    /// <param name="cancellationToken">Cancels the load.</param>
    public static SimulatedModelRunner Load(
        SimOptions options, int blockSize, TimeProvider? timeProvider = null, IProgress<LoadProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var runner = new SimulatedModelRunner(options, blockSize, timeProvider);
        for (var slice = 1; slice <= LoadSlices; slice++)
        {
            if (options.Load > TimeSpan.Zero)
                Task.Delay(options.Load / LoadSlices, timeProvider ?? TimeProvider.System, cancellationToken).GetAwaiter().GetResult();
            progress?.Report(new("Loading simulated weights", options.WeightsBytes * slice / LoadSlices, options.WeightsBytes));
        }

        return runner;
    }

    /// <inheritdoc/>
    public IKVCacheStorage KVCache => _cache;

    /// <inheritdoc/>
    public IRunnerTelemetry Telemetry { get; }

    /// <inheritdoc/>
    public void Submit(SchedulerOutput step)
    {
        if (_step is not null) throw new InvalidOperationException("Steps in flight must be at most 1.");
        _step = step;
    }

    /// <inheritdoc/>
    public ModelRunnerOutput Collect()
    {
        var step = _step ?? throw new InvalidOperationException("No step is in flight.");
        _step = null;
        ClearRows(step.NumLogits);
        foreach (var scheduled in step.Scheduled) Compute(scheduled);
        _clock.Wait(step);
        var rows = new LogitRows(_logits, _rowsInUse, Info.VocabSize);
        return _sampler.Answer(step, rows, Info.VocabSize);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_logits);
        _logits = null;
        (_rowCapacity, _rowsInUse) = (0, 0);
    }

    private void Compute(in ScheduledRequest scheduled)
    {
        var tokens = scheduled.Request.Tokens;
        var blocks = scheduled.Request.BlockTable.Blocks;
        var end = scheduled.NumComputedTokens + scheduled.NumScheduledTokens;
        _cache.Commit(blocks);
        var hash = scheduled.NumComputedTokens == 0 ? TokenHash.Empty : _cache[blocks, scheduled.NumComputedTokens - 1];
        for (var position = scheduled.NumComputedTokens; position < end; position++)
        {
            hash = TokenHash.Append(hash, tokens[position]);
            _cache[blocks, position] = hash;
            if (position >= end - scheduled.NumLogits) WriteRow(hash);
        }
    }

    private void WriteRow(ulong hash)
    {
        var first = _rowsInUse * TokenHash.NumCandidates;
        var row = _logits + (long)_rowsInUse++ * Info.VocabSize;
        for (var candidate = 0; candidate < TokenHash.NumCandidates; candidate++)
        {
            var id = TokenHash.Candidate(hash, candidate, Info.VocabSize);
            _candidates[first + candidate] = id;
            row[id] = Math.Max(row[id], 4 - candidate / 2f);
        }
    }

    /// <summary>Makes all rows -infinity, touching only what the last step wrote.</summary>
    private void ClearRows(int rows)
    {
        for (var i = 0; i < _rowsInUse * TokenHash.NumCandidates; i++)
            _logits[(long)(i / TokenHash.NumCandidates) * Info.VocabSize + _candidates[i]] = float.NegativeInfinity;
        _rowsInUse = 0;
        if (rows <= _rowCapacity) return;

        _rowCapacity = Math.Max(rows, _rowCapacity * 2);
        _candidates = new int[_rowCapacity * TokenHash.NumCandidates];
        var length = (nuint)_rowCapacity * (nuint)Info.VocabSize;
        _logits = (float*)NativeMemory.Realloc(_logits, length * sizeof(float));
        for (nuint i = 0; i < length; i++) _logits[i] = float.NegativeInfinity;
    }
}
