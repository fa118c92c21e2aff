using Grid.Engine.KVCache;

namespace Grid.Engine.Parallelism.Shards;

/// <summary>The KV cache of a rank of several shards: a block is in all of them, each with its layers and heads.</summary>
internal sealed class ShardedKVCache(IShardWorker[] workers, KVBlockLayout layout) : IKVCacheStorage
{
    private readonly KVBlockLayout[] _layouts = [.. workers.Select(worker => worker.Info.KVBlock)];
    private BlockCommitments _commitments = new(0);

    public KVBlockLayout Layout => layout;

    public int NumBlocks => _commitments.NumBlocks;

    public int NumCommitted => _commitments.NumCommitted;

    public void Reserve(int numBlocks)
    {
        WaitForAll(worker => worker.ReserveKVCache(numBlocks));
        _commitments = new(numBlocks);
    }

    /// <summary>Notes the blocks of a step, which the shards commit when they compute it.</summary>
    public void Commit(ReadOnlySpan<int> blocks) => _commitments.Commit(blocks);

    public void Export(ReadOnlySpan<int> blocks, int tokens, Span<byte> destination)
    {
        _commitments.CheckCommitted(blocks);
        Layout.CheckLength(destination.Length, blocks.Length);
        var numbers = blocks.ToArray();
        var parts = Task.WhenAll(workers.Select(worker => worker.ExportKVBlocks(numbers, tokens))).GetAwaiter().GetResult();
        for (var shard = 0; shard < parts.Length; shard++) _layouts[shard].CopyTo(parts[shard], Layout, destination);
    }

    public void Import(ReadOnlySpan<int> blocks, ReadOnlySpan<byte> source)
    {
        Layout.CheckLength(source.Length, blocks.Length);
        _commitments.CheckReserved(blocks);
        var numbers = blocks.ToArray();
        var parts = new byte[workers.Length][];
        for (var shard = 0; shard < parts.Length; shard++)
        {
            parts[shard] = new byte[numbers.Length * _layouts[shard].BlockBytes];
            Layout.CopyTo(source, _layouts[shard], parts[shard]);
        }

        Task.WhenAll(workers.Select((worker, shard) => worker.ImportKVBlocks(numbers, parts[shard]))).GetAwaiter().GetResult();
        _commitments.Commit(blocks);
    }

    private void WaitForAll(Func<IShardWorker, Task> command) => Task.WhenAll(workers.Select(command)).GetAwaiter().GetResult();
}
