using static TorchSharp.torch;

namespace Grid.Engine.Attention;

/// <summary>What one shard's paged KV cache is made of.</summary>
/// <param name="Layers">The number of layers that have attention, and so a KV cache.</param>
/// <param name="Heads">The number of query heads.</param>
/// <param name="KVHeads">Key and value heads.</param>
/// <param name="HeadDim">Elements of a head.</param>
/// <param name="BlockSize">Tokens of a block.</param>
/// <param name="Type">Type of its elements, which is the model's.</param>
internal sealed record KVCacheShape(int Layers, int Heads, int KVHeads, int HeadDim, int BlockSize, ScalarType Type)
{
    /// <summary>Elements that keys, and again values, take in one block of one layer.</summary>
    public long BlockElements => (long)BlockSize * KVHeads * HeadDim;

    /// <summary>Bytes of one block over all layers, keys and values.</summary>
    public long BytesPerBlock => 2 * BlockElements * Layers * (Type == ScalarType.Float32 ? 4 : 2);

    /// <summary>Width of a packed row of query, key and value heads.</summary>
    public int QKVWidth => (Heads + 2 * KVHeads) * HeadDim;
}
