using Grid.Engine.Steps;
using static TorchSharp.torch;

namespace Grid.Engine.Attention;

/// <summary>Owns the paged KV cache and attends over it.</summary>
internal interface IAttentionBackend : IDisposable
{
    /// <summary>Reserves the cache, in place of one that was reserved before.</summary>
    void Allocate(int numBlocks);

    /// <summary>Reads the step's positions and block tables, before the layers run.</summary>
    void Prepare(StepBatch step);

    /// <summary>Stores the step's keys and values and attends, each query to all positions up to its own.</summary>
    /// <param name="layer">Layer, from 0 at the first that the shard holds.</param>
    /// <param name="qkv">A row a token: query heads, key heads, value heads.</param>
    /// <param name="window">How many positions a query sees, its own counted; null: all.</param>
    /// <returns>A row a token: the query heads' values, new.</returns>
    Tensor Forward(int layer, Tensor qkv, int? window);
}
