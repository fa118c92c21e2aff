using Grid.Engine.KVCache;

namespace Grid.Engine.Execution;

/// <summary>Facts of a loaded model.</summary>
/// <param name="VocabSize">Length of a logit row.</param>
/// <param name="BlockSize">Tokens a KV block holds.</param>
/// <param name="BytesPerBlock">Bytes of one KV block over all layers of the fullest shard.</param>
/// <param name="KVCacheBytes">Bytes that the device has for the KV cache; null: the caller decides (CPU).</param>
/// <param name="Numerics">What decides a row's bits.</param>
internal sealed record ModelRunnerInfo(int VocabSize, int BlockSize, long BytesPerBlock, long? KVCacheBytes, string Numerics)
{
    /// <summary>What a KV block holds.</summary>
    public required KVBlockLayout KVBlock { get; init; }

    /// <summary>Longest prompt and output that the model can be served with; null: the options must say it.</summary>
    public int? MaxModelLen { get; init; }
}
