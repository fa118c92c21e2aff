namespace Grid.Engine.KVCache;

/// <summary>What a KV cache is made of.</summary>
internal enum KVElement
{
    /// <summary>IEEE 754, 4 bytes.</summary>
    Float32,

    /// <summary>The upper half of a float32, 2 bytes.</summary>
    BFloat16,

    /// <summary>IEEE 754, 2 bytes.</summary>
    Float16,

    /// <summary>The simulated model's hash of all tokens up to a position, 8 bytes.</summary>
    Hash64,
}
