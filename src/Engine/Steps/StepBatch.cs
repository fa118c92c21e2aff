using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Grid.Engine.Scheduling;

namespace Grid.Engine.Steps;

/// <summary>
/// A step as plain integers, cut off from the living requests: what a shard needs to compute it, in any thread or process.
/// Reused from step to step.
/// </summary>
internal sealed class StepBatch
{
    private const int HeaderBytes = 24;

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
            Add(scheduled.NumComputedTokens, scheduled.NumLogits, scheduled.Request.Tokens[scheduled.NumComputedTokens..end],
                scheduled.Request.BlockTable.Blocks);
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

    /// <summary>Bytes of <see cref="WriteTo"/>.</summary>
    public int SizeInBytes => HeaderBytes + _numSequences * Unsafe.SizeOf<StepSequence>() + (NumTokens + _numBlocks) * sizeof(int);

    /// <summary>Writes it for another process of the same build.</summary>
    public void WriteTo(Span<byte> destination)
    {
        MemoryMarshal.Write(destination, Step);
        MemoryMarshal.Write(destination[8..], _numSequences);
        MemoryMarshal.Write(destination[12..], NumTokens);
        MemoryMarshal.Write(destination[16..], _numBlocks);
        MemoryMarshal.Write(destination[20..], NumLogits);
        var rest = destination[HeaderBytes..];
        Append(ref rest, Sequences);
        Append(ref rest, TokenIds);
        Append(ref rest, Blocks);
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote.</summary>
    public void ReadFrom(ReadOnlySpan<byte> source)
    {
        Step = MemoryMarshal.Read<long>(source);
        _numSequences = MemoryMarshal.Read<int>(source[8..]);
        NumTokens = MemoryMarshal.Read<int>(source[12..]);
        _numBlocks = MemoryMarshal.Read<int>(source[16..]);
        NumLogits = MemoryMarshal.Read<int>(source[20..]);
        var rest = source[HeaderBytes..];
        Take(ref rest, ref _sequences, _numSequences);
        Take(ref rest, ref _tokenIds, NumTokens);
        Take(ref rest, ref _blocks, _numBlocks);
    }

    private static void Append<T>(ref Span<byte> destination, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        bytes.CopyTo(destination);
        destination = destination[bytes.Length..];
    }

    private static void Take<T>(ref ReadOnlySpan<byte> source, ref T[] values, int count)
        where T : unmanaged
    {
        Grow(ref values, count);
        var bytes = MemoryMarshal.AsBytes(values.AsSpan(0, count));
        source[..bytes.Length].CopyTo(bytes);
        source = source[bytes.Length..];
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length) Array.Resize(ref array, Math.Max(length, array.Length * 2));
    }
}
