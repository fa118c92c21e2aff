namespace Grid.Engine.Attention;

/// <summary>Puts the step's keys and values where their blocks are.</summary>
internal static unsafe class KVCacheWriter
{
    public static void Rows<T>(void* arguments, long begin, long end)
        where T : unmanaged
    {
        ref var a = ref *(PagedAttentionArguments*)arguments;
        for (var row = begin; row < end; row++)
        {
            long block = a.Slots[row] / a.BlockSize, slot = a.Slots[row] % a.BlockSize;
            var key = (T*)a.QKV + row * a.QKVWidth + (long)a.Heads * a.HeadDim;
            var value = key + (long)a.KVHeads * a.HeadDim;
            for (var head = 0; head < a.KVHeads; head++, key += a.HeadDim, value += a.HeadDim)
            {
                var start = (block * a.KVHeads + head) * a.HeadDim * a.BlockSize;
                var keys = (T*)a.Keys + start + slot;
                for (var i = 0; i < a.HeadDim; i++) keys[(long)i * a.BlockSize] = key[i];
                new ReadOnlySpan<T>(value, a.HeadDim).CopyTo(new Span<T>((T*)a.Values + start + slot * a.HeadDim, a.HeadDim));
            }
        }
    }
}
