namespace Grid.Engine.Serving;

/// <summary>Facts of a loaded engine.</summary>
/// <param name="VocabSize">Logits a token has.</param>
/// <param name="MaxModelLen">Tokens of prompt and output together, at most.</param>
/// <param name="BlockSize">Tokens a KV block holds.</param>
/// <param name="NumGpuBlocks">KV blocks, on whatever device.</param>
/// <param name="Numerics">What decides a row's bits: weights, runner, instruction set, threads a shard, dtype.</param>
public sealed record EngineInfo(int VocabSize, int MaxModelLen, int BlockSize, int NumGpuBlocks, string Numerics)
{
    /// <summary>Tokens that the KV cache holds.</summary>
    public long KVCacheTokens => (long)NumGpuBlocks * BlockSize;

    /// <summary>Requests of full length that fit at once: blocks / ceil(max_model_len / block_size), as vLLM computes it.</summary>
    public double MaxConcurrency => NumGpuBlocks / Math.Ceiling((double)MaxModelLen / BlockSize);
}
