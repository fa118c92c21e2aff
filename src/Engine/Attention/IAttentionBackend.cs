using Grid.Engine.KVCache;
using Grid.Engine.Steps;
using static TorchSharp.torch;

namespace Grid.Engine.Attention;

/// <summary>Attends over the paged KV cache, which it owns.</summary>
internal interface IAttentionBackend : IDisposable
{
    /// <summary>The cache.</summary>
    IKVCacheStorage KVCache { get; }

    /// <summary>Reads the step's positions and block tables, before the layers run.</summary>
    void Prepare(StepBatch step);

    /// <summary>Stores the step's keys and values and attends, each query to all positions up to its own.</summary>
    /// <param name="layer">Layer, from 0 at the first that the shard holds.</param>
    /// <param name="qkv">A row a token: query heads, key heads, value heads.</param>
    /// <param name="window">How many positions a query sees, its own counted; null: all.</param>
    /// <returns>A row a token: the query heads' values, new.</returns>
    Tensor Forward(int layer, Tensor qkv, int? window);
}
