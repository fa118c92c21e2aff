using Grid.Engine.KVCache;
using Grid.Engine.Steps;
using static TorchSharp.torch;

namespace Grid.Engine.Attention;

/// <summary>Gathers requests' blocks and calls libtorch's scaled_dot_product_attention: any device, not batch-invariant.</summary>
internal sealed class SdpaAttentionBackend(KVCacheShape shape, TensorKVCache cache, Device device) : IAttentionBackend
{
    // What is gathered is a copy: this bounds what requests that decode together take of it.
    private const int MaxGatheredTokens = 1 << 16;

    private readonly List<SdpaBatch> _batches = [];
    private readonly List<long> _indices = [];
    private Tensor? _onDevice;
    private Tensor? _slots;

    public IKVCacheStorage KVCache => cache;

    public void Prepare(StepBatch step)
    {
        ForgetStep();
        cache.Commit(step.Blocks);
        foreach (ref readonly var sequence in step.Sequences) AddSlots(sequence, step.BlocksOf(sequence));
        var (written, row) = (_indices.Count, 0);
        for (var first = 0; first < step.Sequences.Length; first += _batches[^1].Count)
        {
            _batches.Add(new SdpaBatch(shape, row, step, first, CountTogether(step.Sequences, first), _indices));
            row += _batches[^1].NumRows;
        }

        // One copy for all, because each waits for the device.
        using var host = tensor(_indices.ToArray());
        _onDevice = host.to(device, copy: true).DetachFromDisposeScope();
        _slots = _onDevice.narrow(0, 0, written).DetachFromDisposeScope();
        foreach (var batch in _batches) batch.Locate(_onDevice);
    }

    public Tensor Forward(int layer, Tensor qkv, int? window)
    {
        using var scope = NewDisposeScope();
        var heads = qkv.view(qkv.size(0), -1, shape.HeadDim);
        Tensor keys = cache.Keys(layer), values = cache.Values(layer);
        keys.flatten(0, 1).index_copy_(0, _slots!, heads.narrow(1, shape.Heads, shape.KVHeads));
        values.flatten(0, 1).index_copy_(0, _slots!, heads.narrow(1, shape.Heads + shape.KVHeads, shape.KVHeads));
        var queries = heads.narrow(1, 0, shape.Heads);
        var parts = _batches.ConvertAll(batch => batch.Attend(queries, keys, values, window));
        return (parts is [var only] ? only : cat(parts, 0)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        ForgetStep();
        cache.Dispose();
    }

    private void AddSlots(in StepSequence sequence, ReadOnlySpan<int> blocks)
    {
        for (var position = sequence.Start; position < sequence.End; position++)
            _indices.Add((long)blocks[position / shape.BlockSize] * shape.BlockSize + position % shape.BlockSize);
    }

    // Neighbours that decode go together, padded to the longest of them; a piece of a prompt goes alone.
    private static int CountTogether(ReadOnlySpan<StepSequence> sequences, int first)
    {
        var (count, longest) = (0, 0);
        while (first + count < sequences.Length && sequences[first + count].Count == 1)
        {
            longest = Math.Max(longest, sequences[first + count].End);
            if (longest * (count + 1L) > MaxGatheredTokens) break;
            count++;
        }
        return Math.Max(count, 1);
    }

    private void ForgetStep()
    {
        foreach (var batch in _batches) batch.Dispose();
        _batches.Clear();
        _indices.Clear();
        _slots?.Dispose();
        _onDevice?.Dispose();
        (_slots, _onDevice) = (null, null);
    }
}
