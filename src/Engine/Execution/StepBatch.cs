using Grid.Engine.Scheduling;

namespace Grid.Engine.Execution;

/// <summary>
/// A step as plain integers, cut off from the living requests: what a shard needs to compute it, in whatever thread or process it stands.
/// Reused from step to step.
/// </summary>
internal sealed class StepBatch
{
    private StepSequence[] _sequences = new StepSequence[16];
    private int[] _tokenIds = new int[64];
    private int[] _blocks = new int[64];
    private int _numSequences;
    private int _numBlocks;

    /// <summary>Number of the step.</summary>
    public long Step { get; private set; }

    /// <summary>Tokens of all requests together.</summary>
    public int NumTokens { get; private set; }

    /// <summary>Logit rows of all requests together.</summary>
    public int NumLogits { get; private set; }

    /// <summary>The requests in order.</summary>
    public ReadOnlySpan<StepSequence> Sequences => _sequences.AsSpan(0, _numSequences);

    /// <summary>Token ids, a row each.</summary>
    public ReadOnlySpan<int> TokenIds => _tokenIds.AsSpan(0, NumTokens);

    /// <summary>All block tables, one after the other.</summary>
    public ReadOnlySpan<int> Blocks => _blocks.AsSpan(0, _numBlocks);

    /// <summary>A new one, for callers that have no use for reuse.</summary>
    public static StepBatch From(SchedulerOutput step)
    {
        var batch = new StepBatch();
        batch.Fill(step);
        return batch;
    }

    /// <summary>The block table of a request.</summary>
    public ReadOnlySpan<int> BlocksOf(in StepSequence sequence) => _blocks.AsSpan(sequence.FirstBlock, sequence.NumBlocks);

    /// <summary>Copies a step.</summary>
    public void Fill(SchedulerOutput step)
    {
        Clear(step.Step);
        for (var i = 0; i < step.Requests.Count; i++)
        {
            var scheduled = step.Requests[i];
            var end = scheduled.NumComputedTokens + scheduled.NumScheduledTokens;
            Add(scheduled.NumComputedTokens, scheduled.NumLogits, scheduled.Request.Tokens[scheduled.NumComputedTokens..end], scheduled.Request.BlockTable.Blocks);
        }
    }

    /// <summary>Begins another step.</summary>
    public void Clear(long step) => (Step, NumTokens, NumLogits, _numSequences, _numBlocks) = (step, 0, 0, 0, 0);

    /// <summary>Adds one request's part.</summary>
    public void Add(int start, int numLogits, ReadOnlySpan<int> tokenIds, ReadOnlySpan<int> blocks)
    {
        Grow(ref _sequences, _numSequences + 1);
        Grow(ref _tokenIds, NumTokens + tokenIds.Length);
        Grow(ref _blocks, _numBlocks + blocks.Length);
        tokenIds.CopyTo(_tokenIds.AsSpan(NumTokens));
        blocks.CopyTo(_blocks.AsSpan(_numBlocks));
        _sequences[_numSequences++] = new StepSequence(start, tokenIds.Length, numLogits, _numBlocks, blocks.Length);
        NumTokens += tokenIds.Length;
        NumLogits += numLogits;
        _numBlocks += blocks.Length;
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length) Array.Resize(ref array, Math.Max(length, array.Length * 2));
    }
}
