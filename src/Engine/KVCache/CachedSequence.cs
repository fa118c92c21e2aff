namespace Grid.Engine.KVCache;

/// <summary>What the KV cache knows of a sequence of tokens that only grows.</summary>
/// <param name="cacheSalt">Only sequences of the same salt share blocks; null: those without one.</param>
internal sealed class CachedSequence(string? cacheSalt)
{
    /// <summary>Only sequences of the same salt share blocks.</summary>
    public string? CacheSalt => cacheSalt;

    /// <summary>The blocks it owns, in order.</summary>
    public BlockTable Blocks { get; } = new();

    /// <summary>The hashes of its full blocks.</summary>
    public BlockHashChain Hashes { get; } = new();

    /// <summary>Blocks of the table that were offered to the prefix cache or came from it.</summary>
    public int NumPublished { get; set; }
}
