namespace Grid.Engine.Attention;

/// <summary>One layer's attention over one step, as the kernels read it.</summary>
internal unsafe struct PagedAttentionArguments
{
    /// <summary>Rows of query, key and value heads.</summary>
    public void* QKV;

    /// <summary>Rows of the query heads' values.</summary>
    public void* Output;

    /// <summary>[block][KV head][dimension][slot]: sixteen scores come from one pass over a head.</summary>
    public void* Keys;

    /// <summary>[block][KV head][slot][dimension].</summary>
    public void* Values;

    /// <summary>The step's tiles.</summary>
    public QueryTile* Tiles;

    /// <summary>All requests' block tables.</summary>
    public int* Blocks;

    /// <summary>For each row block * block size + slot.</summary>
    public long* Slots;

    public int TileCount;
    public int Heads;
    public int KVHeads;
    public int HeadDim;
    public int BlockSize;

    /// <summary>Positions that a query sees, its own counted.</summary>
    public int Window;

    /// <summary>Most rows of a tile.</summary>
    public int TileRows;

    /// <summary>The next piece of work that no thread has taken.</summary>
    public int Next;

    public readonly int Group => Heads / KVHeads;

    public readonly long QKVWidth => (long)(Heads + 2 * KVHeads) * HeadDim;
}
