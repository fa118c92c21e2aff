using Grid.Engine.Scheduling;
using TorchSharp;
using static TorchSharp.torch;

namespace Grid.Engine.Attention;

/// <summary>Gathers each request's blocks and calls libtorch's scaled_dot_product_attention: any device, not batch-invariant.</summary>
internal sealed class SdpaAttentionBackend(KVCacheShape shape, Device device) : IAttentionBackend
{
    private readonly List<Sequence> _sequences = [];
    private Tensor[] _keys = [];
    private Tensor[] _values = [];
    private Tensor? _slots;

    public void Allocate(int numBlocks)
    {
        Free();
        _keys = Enumerable.Range(0, shape.Layers).Select(_ => Cache()).ToArray();
        _values = Enumerable.Range(0, shape.Layers).Select(_ => Cache()).ToArray();

        Tensor Cache() => zeros([(long)numBlocks * shape.BlockSize, shape.KVHeads, shape.HeadDim], shape.Type, device).DetachFromDisposeScope();
    }

    public void Prepare(SchedulerOutput step)
    {
        ForgetStep();
        var written = new List<long>(step.NumTokens);
        var row = 0;
        foreach (var scheduled in step.Requests)
        {
            var end = scheduled.NumComputedTokens + scheduled.NumScheduledTokens;
            var slots = Slots(scheduled.Request.BlockTable.Blocks, end);
            written.AddRange(slots.AsSpan(scheduled.NumComputedTokens));
            _sequences.Add(new Sequence(row, scheduled.NumScheduledTokens, end, OnDevice(slots)));
            row += scheduled.NumScheduledTokens;
        }
        _slots = OnDevice([.. written]);
    }

    public Tensor Forward(int layer, Tensor qkv, int? window)
    {
        using var scope = NewDisposeScope();
        var heads = qkv.view(qkv.size(0), -1, shape.HeadDim);
        _keys[layer].index_copy_(0, _slots!, heads.narrow(1, shape.Heads, shape.KVHeads));
        _values[layer].index_copy_(0, _slots!, heads.narrow(1, shape.Heads + shape.KVHeads, shape.KVHeads));
        var queries = heads.narrow(1, 0, shape.Heads);
        return cat([.. _sequences.Select(sequence => Attend(sequence, queries, layer, window))], 0).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        ForgetStep();
        Free();
    }

    private Tensor Attend(Sequence sequence, Tensor queries, int layer, int? window)
    {
        long rows = sequence.Rows, group = shape.Heads / shape.KVHeads;
        var keys = _keys[layer].index_select(0, sequence.Slots).transpose(0, 1).unsqueeze(0);
        var values = _values[layer].index_select(0, sequence.Slots).transpose(0, 1).unsqueeze(0);

        // The query heads of a KV head become further rows: [1, KV heads, group x rows, head].
        var q = queries.narrow(0, sequence.FirstRow, rows).view(rows, shape.KVHeads, group, shape.HeadDim)
            .permute(1, 2, 0, 3).reshape(1, shape.KVHeads, group * rows, shape.HeadDim);
        var mask = sequence.Mask(window, group, shape.Type, device);
        var attended = nn.functional.scaled_dot_product_attention(q, keys, values, mask);
        return attended.view(shape.KVHeads, group, rows, shape.HeadDim).permute(2, 0, 1, 3).reshape(rows, (long)shape.Heads * shape.HeadDim);
    }

    private long[] Slots(ReadOnlySpan<int> blocks, int count)
    {
        var slots = new long[count];
        for (var position = 0; position < count; position++)
            slots[position] = (long)blocks[position / shape.BlockSize] * shape.BlockSize + position % shape.BlockSize;
        return slots;
    }

    private Tensor OnDevice(long[] values)
    {
        using var host = tensor(values);
        return host.to(device, copy: true).DetachFromDisposeScope();
    }

    private void ForgetStep()
    {
        foreach (var sequence in _sequences) sequence.Dispose();
        _sequences.Clear();
        _slots?.Dispose();
        _slots = null;
    }

    private void Free()
    {
        foreach (var cache in _keys.Concat(_values)) cache.Dispose();
        _keys = _values = [];
    }

    private sealed class Sequence(int firstRow, int rows, int end, Tensor slots) : IDisposable
    {
        private readonly Dictionary<int, Tensor> _masks = [];

        public int FirstRow { get; } = firstRow;

        public int Rows { get; } = rows;

        public Tensor Slots { get; } = slots;

        /// <summary>What to add to the scores, or null where the one query sees everything. Layers of the same window share it.</summary>
        public Tensor? Mask(int? window, long group, ScalarType type, Device device)
        {
            if (Rows == 1 && (window is null || window >= end)) return null;
            var key = window ?? int.MaxValue;
            if (!_masks.TryGetValue(key, out var mask)) _masks[key] = mask = Build(key, group, type, device).DetachFromDisposeScope();
            return mask;
        }

        public void Dispose()
        {
            Slots.Dispose();
            foreach (var mask in _masks.Values) mask.Dispose();
        }

        private Tensor Build(long window, long group, ScalarType type, Device device)
        {
            var queries = arange(end - Rows, end, ScalarType.Int64, device).unsqueeze(1);
            var keys = arange(0, end, ScalarType.Int64, device).unsqueeze(0);
            var hidden = keys.gt(queries).logical_or(keys.le(queries - window));
            return zeros([Rows, end], type, device).masked_fill_(hidden, double.NegativeInfinity).repeat(group, 1);
        }
    }
}
