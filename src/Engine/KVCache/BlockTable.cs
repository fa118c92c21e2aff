namespace Grid.Engine.KVCache;

/// <summary>The KV blocks of one request: token position p lies in block <c>p / block_size</c> at slot <c>p % block_size</c>.</summary>
internal sealed class BlockTable
{
    private int[] _blocks = new int[8];

    /// <summary>Blocks in the table.</summary>
    public int Count { get; private set; }

    /// <summary>Block ids in the order of positions.</summary>
    public ReadOnlySpan<int> Blocks => _blocks.AsSpan(0, Count);

    internal void Append(int blockId)
    {
        if (Count == _blocks.Length) Array.Resize(ref _blocks, Count * 2);
        _blocks[Count++] = blockId;
    }

    internal void Clear() => Count = 0;
}
