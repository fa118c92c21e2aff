namespace Grid.Engine.KVCache;

/// <summary>Which blocks of a reservation were written at least once.</summary>
internal sealed class BlockCommitments(int numBlocks)
{
    private readonly bool[] _committed = new bool[numBlocks];

    /// <summary>Blocks reserved.</summary>
    public int NumBlocks => _committed.Length;

    /// <summary>Blocks committed.</summary>
    public int NumCommitted { get; private set; }

    /// <summary>Commits blocks.</summary>
    /// <param name="blocks">Blocks of the reservation.</param>
    /// <param name="first">Takes those that were not committed before; null: they need nothing done.</param>
    /// <exception cref="ArgumentException">A block is not in the reservation; nothing has changed.</exception>
    public void Commit(ReadOnlySpan<int> blocks, List<int>? first = null)
    {
        CheckReserved(blocks);
        foreach (var block in blocks)
        {
            if (_committed[block]) continue;
            _committed[block] = true;
            NumCommitted++;
            first?.Add(block);
        }
    }

    /// <summary>Checks that blocks may be read.</summary>
    /// <exception cref="ArgumentException">One was never written.</exception>
    public void CheckCommitted(ReadOnlySpan<int> blocks)
    {
        CheckReserved(blocks);
        foreach (var block in blocks)
        {
            if (!_committed[block]) throw new ArgumentException($"A KV block must be written before it is exported; got block {block}.");
        }
    }

    /// <summary>Checks that blocks are in the reservation.</summary>
    /// <exception cref="ArgumentException">One is not.</exception>
    public void CheckReserved(ReadOnlySpan<int> blocks)
    {
        foreach (var block in blocks)
            if ((uint)block >= (uint)_committed.Length)
                throw new ArgumentException($"A KV block must be from 0 to {_committed.Length - 1}; got {block}.");
    }

    /// <summary>Compares the count with the blocks.</summary>
    /// <exception cref="InvalidOperationException">They do not agree.</exception>
    public void CheckConservation()
    {
        var committed = _committed.Count(committed => committed);
        if (committed != NumCommitted)
            throw new InvalidOperationException($"The count of committed KV blocks must be {committed}; got {NumCommitted}.");
    }
}
