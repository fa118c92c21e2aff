namespace Grid.Engine.KVCache;

/// <summary>
/// What a shard's KV block holds, in the canonical form in which blocks are exported and imported, however a runner keeps them: for each
/// layer, keys and then values; in these, for each token slot, for each KV head, the elements of the head. Little-endian, without gaps.
/// </summary>
/// <param name="FirstLayer">The first layer of the shard, counted over the whole model.</param>
/// <param name="Layers">The number of layers.</param>
/// <param name="FirstHead">The first KV head of the shard, counted over the whole model.</param>
/// <param name="Heads">Number of KV heads.</param>
/// <param name="HeadDim">Elements of a head.</param>
/// <param name="BlockSize">Tokens of a block.</param>
/// <param name="Element">Type of the elements.</param>
/// <param name="Planes">2 for keys and values; 1 where a runner keeps one thing a token.</param>
internal sealed record KVBlockLayout(
    int FirstLayer, int Layers, int FirstHead, int Heads, int HeadDim, int BlockSize, KVElement Element, int Planes = 2)
{
    /// <summary>Bytes of one token's heads, in keys or in values.</summary>
    public int RowBytes => Heads * HeadDim * ElementBytes;

    /// <summary>Bytes of one block.</summary>
    public long BlockBytes => (long)Layers * Planes * BlockSize * RowBytes;

    /// <summary>Bytes of one element.</summary>
    public int ElementBytes => Element switch { KVElement.Float32 => 4, KVElement.Hash64 => 8, _ => 2 };

    /// <summary>What all shards of a rank hold together.</summary>
    /// <param name="shards">The layouts of all shards; several may hold the same head.</param>
    public static KVBlockLayout Join(IReadOnlyCollection<KVBlockLayout> shards)
    {
        var (layer, head) = (shards.Min(shard => shard.FirstLayer), shards.Min(shard => shard.FirstHead));
        var layers = shards.Max(shard => shard.FirstLayer + shard.Layers) - layer;
        var heads = shards.Max(shard => shard.FirstHead + shard.Heads) - head;
        return shards.First() with { FirstLayer = layer, Layers = layers, FirstHead = head, Heads = heads };
    }

    /// <summary>Copies what two layouts have in common, which joins the blocks of shards and splits them.</summary>
    /// <param name="source">Blocks in this layout.</param>
    /// <param name="target">A layout of the same model.</param>
    /// <param name="destination">As many blocks in that layout.</param>
    /// <exception cref="ArgumentException">
    /// The layouts are not of one model, have nothing in common, or a buffer has another length.
    /// </exception>
    public void CopyTo(ReadOnlySpan<byte> source, KVBlockLayout target, Span<byte> destination)
    {
        CheckSameModel(target);
        var blocks = (int)(source.Length / BlockBytes);
        CheckLength(source.Length, blocks);
        target.CheckLength(destination.Length, blocks);
        var (first, end) = Common(FirstLayer, Layers, target.FirstLayer, target.Layers);
        var (firstHead, endHead) = Common(FirstHead, Heads, target.FirstHead, target.Heads);
        var headBytes = HeadDim * ElementBytes;
        var length = (endHead - firstHead) * headBytes;
        if (length <= 0 || end <= first)
            throw new ArgumentException($"The layers and heads of KV blocks must overlap; got {this} and {target}.");
        for (var block = 0; block < blocks; block++)
            for (var layer = first; layer < end; layer++)
                for (var row = 0; row < Planes * BlockSize; row++)
                    source.Slice(checked((int)(RowOffset(block, layer, row) + (firstHead - FirstHead) * headBytes)), length)
                        .CopyTo(destination[
                            checked((int)(target.RowOffset(block, layer, row) + (firstHead - target.FirstHead) * headBytes))..]);
    }

    /// <summary>Clears the slots behind the last token of a sequence, which may hold what another one left there.</summary>
    /// <param name="blocks">The blocks of the sequence, in this layout.</param>
    /// <param name="tokens">The ids of its tokens.</param>
    /// <exception cref="ArgumentException">The tokens do not end in the last block.</exception>
    public void ClearBehind(Span<byte> blocks, int tokens)
    {
        var count = (int)(blocks.Length / BlockBytes);
        var used = tokens - (count - 1) * BlockSize;
        if (count == 0 ? tokens != 0 : used is < 1 || used > BlockSize)
            throw new ArgumentException($"The tokens of {count} KV blocks must end in the last of them; got {tokens}.");
        for (var plane = 0; plane < Layers * Planes && count > 0; plane++)
        {
            var rows = blocks.Slice(checked((int)RowOffset(count - 1, FirstLayer, plane * BlockSize)), BlockSize * RowBytes);
            rows[(used * RowBytes)..].Clear();
        }
    }

    /// <summary>Checks that a buffer holds so many blocks.</summary>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public void CheckLength(long bytes, int blocks)
    {
        if (bytes != blocks * BlockBytes)
            throw new ArgumentException($"{blocks} KV blocks must have {blocks * BlockBytes} bytes; got {bytes}.");
    }

    private static (int First, int End) Common(int first, int count, int otherFirst, int otherCount) =>
        (Math.Max(first, otherFirst), Math.Min(first + count, otherFirst + otherCount));

    private long RowOffset(int block, int layer, int row) =>
        block * BlockBytes + ((long)(layer - FirstLayer) * Planes * BlockSize + row) * RowBytes;

    private void CheckSameModel(KVBlockLayout other)
    {
        Check("block size", BlockSize, other.BlockSize);
        Check("head size", HeadDim, other.HeadDim);
        Check("element type", Element, other.Element);
        Check("number of planes", Planes, other.Planes);

        static void Check<T>(string name, T expected, T actual)
        {
            if (!Equals(expected, actual))
                throw new ArgumentException($"The {name} of KV blocks must be {expected} in both layouts; got {actual}.");
        }
    }
}
