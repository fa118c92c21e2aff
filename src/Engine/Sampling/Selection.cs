using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Grid.Engine.Sampling;

/// <summary>Order statistics without sorting the vocabulary.</summary>
internal static class Selection
{
    // After this many halvings the pivots are unlucky, and sorting what is left is the safe way out.
    private const int MaxRounds = 48;

    /// <summary>Least scratch for <see cref="KthLargest(ReadOnlySpan{float},int,Span{float})"/> beside the k largest themselves.</summary>
    public const int Slack = 1024;

    /// <summary>The k-th largest of <paramref name="values"/>, counting equals; -infinity where fewer than k are finite.</summary>
    /// <param name="values">The values, none of which may be NaN.</param>
    /// <param name="k">Which of the largest values, from 1.</param>
    /// <param name="scratch">As long as the values, and longer than k by <see cref="Slack"/> unless it holds them all.</param>
    public static float KthLargest(ReadOnlySpan<float> values, int k, Span<float> scratch)
    {
        // The largest seen so far, at most so many that they are rarely thinned out, and none below the k-th of them.
        var capacity = (int)Math.Min(scratch.Length, 2L * k + Slack);
        var (count, threshold) = (0, float.NegativeInfinity);
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(values);
        for (var i = 0; i < vectors.Length; i++)
        {
            var larger = Vector256.GreaterThan(vectors[i], Vector256.Create(threshold)).ExtractMostSignificantBits();
            for (; larger != 0; larger &= larger - 1)
            {
                if (count == capacity) (count, threshold) = (k, KthLargest(scratch[..count], k));
                scratch[count++] = vectors[i][BitOperations.TrailingZeroCount(larger)];
            }
        }

        foreach (var value in values[(vectors.Length * Vector256<float>.Count)..])
        {
            if (!(value > threshold)) continue;
            if (count == capacity) (count, threshold) = (k, KthLargest(scratch[..count], k));
            scratch[count++] = value;
        }

        return count < k ? float.NegativeInfinity : KthLargest(scratch[..count], k);
    }

    /// <summary>
    /// The last candidate of the smallest leading set, in <see cref="Candidate"/>'s order, whose weights reach
    /// <paramref name="target"/>. Reorders the candidates.
    /// </summary>
    public static Candidate Boundary(Span<Candidate> candidates, double target)
    {
        var mass = 0.0;
        for (var round = 0; candidates.Length > 32 && round < MaxRounds; round++)
        {
            var split = Partition(candidates);
            var left = 0.0;
            foreach (var candidate in candidates[..split]) left += candidate.Weight;
            if (mass + left >= target)
            {
                candidates = candidates[..split];
                continue;
            }

            mass += left;
            candidates = candidates[split..];
        }

        candidates.Sort();
        foreach (var candidate in candidates)
        {
            mass += candidate.Weight;
            if (mass >= target) return candidate;
        }

        return candidates[^1];
    }

    /// <summary>The k-th largest; the k largest come first afterwards.</summary>
    private static float KthLargest(Span<float> values, int k)
    {
        var index = k - 1;
        for (var round = 0; values.Length > 32; round++)
        {
            if (round == MaxRounds) break;
            var (larger, equal) = Partition(values);
            if (index < larger)
            {
                values = values[..larger];
            }
            else if (index < larger + equal)
            {
                return values[index];
            }
            else
            {
                index -= larger + equal;
                values = values[(larger + equal)..];
            }
        }

        values.Sort(static (a, b) => b.CompareTo(a));
        return values[index];
    }

    /// <summary>Larger than the pivot, equal to it, smaller.</summary>
    private static (int Larger, int Equal) Partition(Span<float> values)
    {
        var pivot = Median(values[0], values[values.Length / 2], values[^1]);
        var (larger, at, smaller) = (0, 0, values.Length);
        while (at < smaller)
        {
            var value = values[at];
            if (value > pivot)
            {
                values[at++] = values[larger];
                values[larger++] = value;
            }
            else if (value < pivot)
            {
                values[at] = values[--smaller];
                values[smaller] = value;
            }
            else
            {
                at++;
            }
        }

        return (larger, smaller - larger);
    }

    /// <summary>Puts those before the median of three and itself in front; both parts have members.</summary>
    private static int Partition(Span<Candidate> candidates)
    {
        var pivot = Median(candidates[0], candidates[candidates.Length / 2], candidates[^1]);
        var split = 0;
        for (var i = 0; i < candidates.Length; i++)
            if (candidates[i].CompareTo(pivot) <= 0) (candidates[split], candidates[i]) = (candidates[i], candidates[split++]);
        return split;
    }

    private static T Median<T>(T a, T b, T c)
        where T : IComparable<T>
    {
        if (a.CompareTo(b) > 0) (a, b) = (b, a);
        if (b.CompareTo(c) > 0) b = c;
        return a.CompareTo(b) > 0 ? a : b;
    }
}
