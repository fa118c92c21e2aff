using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Grid.Engine.Kernels;

namespace Grid.Engine.Attention;

/// <summary>
/// Attention over the paged cache with an online softmax, sixteen keys at a time in the order of positions. What is done
/// for one query, and in which order, depends on its position alone: not on the tile, the chunk or the batch it came in.
/// </summary>
[SkipLocalsInit]
internal static unsafe class PagedAttentionKernel
{
    /// <summary>Queries that share a load of keys or values.</summary>
    public const int QueriesAtOnce = 4;

    // Behind the last query, so that four can be computed from any.
    private const int Padding = QueriesAtOnce - 1;

    /// <summary>Takes pieces of work (one tile and one KV head) until none is left.</summary>
    public static void Work<T>(void* arguments, long begin, long end)
        where T : unmanaged, IElement<T>
    {
        ref var a = ref *(PagedAttentionArguments*)arguments;
        var queries = a.TileRows * a.Group + Padding;
        var width = RoundUp(a.HeadDim, Lanes.Count);
        var memory = stackalloc float[queries * (2 * width + Lanes.Count + 2) + Lanes.Count];
        var aligned = (float*)(((nint)memory + 63) & ~63);
        var scratch = new Scratch
        {
            Width = width,
            Queries = aligned,
            Sums = aligned + queries * width,
            Scores = aligned + 2 * queries * width,
            Maxima = aligned + queries * (2 * width + Lanes.Count),
            Totals = aligned + queries * (2 * width + Lanes.Count + 1),
        };

        int piece;
        while ((piece = Interlocked.Increment(ref a.Next) - 1) < a.TileCount * a.KVHeads)
            Attend<T>(ref a, ref a.Tiles[piece / a.KVHeads], piece % a.KVHeads, ref scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Attend<T>(ref PagedAttentionArguments a, ref QueryTile tile, int kvHead, ref Scratch s)
        where T : unmanaged, IElement<T>
    {
        var group = a.Group;
        var queries = tile.Rows * group;
        LoadQueries<T>(ref a, ref tile, kvHead, ref s);

        var first = Math.Max(0, tile.Position - a.Window + 1);
        var last = tile.Position + tile.Rows - 1;
        var headElements = (long)a.HeadDim * a.BlockSize;
        for (var block = first / a.BlockSize; block <= last / a.BlockSize; block++)
        {
            var start = ((long)a.Blocks[tile.FirstBlock + block] * a.KVHeads + kvHead) * headElements;
            var next = ((long)a.Blocks[tile.FirstBlock + Math.Min(block + 1, last / a.BlockSize)] * a.KVHeads + kvHead) * headElements;
            for (var offset = 0; offset < a.BlockSize; offset += Lanes.Count)
            {
                var key = block * a.BlockSize + offset;
                var lanes = Math.Min(Lanes.Count, a.BlockSize - offset);
                if (key + lanes <= first || key > last) continue;

                // Rows before the keys do not see them; rows whose window has passed them do not either.
                var begin = Math.Max(0, key - tile.Position) * group;
                var end = (int)Math.Min(tile.Rows, (long)key + lanes - 1 + a.Window - tile.Position) * group;
                Score((T*)a.Keys + start + offset, (T*)a.Keys + next, a.BlockSize, a.HeadDim, begin, end, queries, ref s);
                for (var query = begin; query < end; query++)
                {
                    var position = tile.Position + query / group;
                    Softmax(query, Math.Max(0, position - a.Window + 1 - key), Math.Min(lanes, position - key + 1), ref s);
                }

                var tokens = Math.Min(lanes, last - key + 1);
                Accumulate((T*)a.Values + start + (long)offset * a.HeadDim, (T*)a.Values + next, tokens, a.HeadDim, begin, end, queries,
                    ref s);
            }
        }
        StoreOutput<T>(ref a, ref tile, kvHead, ref s);
    }

    private static void LoadQueries<T>(ref PagedAttentionArguments a, ref QueryTile tile, int kvHead, ref Scratch s)
        where T : unmanaged, IElement<T>
    {
        var group = a.Group;
        var padded = tile.Rows * group + Padding;
        var scale = 1f / MathF.Sqrt(a.HeadDim);
        for (var query = 0; query < padded; query++)
        {
            var exists = query < tile.Rows * group;
            var head = (T*)a.QKV + (tile.FirstRow + query / group) * a.QKVWidth + ((long)kvHead * group + query % group) * a.HeadDim;
            for (var i = 0; i < s.Width; i += Lanes.Count)
            {
                var value = exists ? Lanes.Load(head, i, a.HeadDim) * scale : Vector512<float>.Zero;
                value.Store(s.Queries + query * s.Width + i);
                Vector512<float>.Zero.Store(s.Sums + query * s.Width + i);
            }
            Vector512<float>.Zero.Store(s.Scores + query * Lanes.Count);
            s.Maxima[query] = float.NegativeInfinity;
            s.Totals[query] = 0;
        }
    }

    private static void StoreOutput<T>(ref PagedAttentionArguments a, ref QueryTile tile, int kvHead, ref Scratch s)
        where T : unmanaged, IElement<T>
    {
        var group = a.Group;
        for (var query = 0; query < tile.Rows * group; query++)
        {
            var output = (T*)a.Output + ((long)(tile.FirstRow + query / group) * a.Heads + kvHead * group + query % group) * a.HeadDim;
            var scale = 1f / s.Totals[query];
            for (var i = 0; i < a.HeadDim; i += Lanes.Count)
                Lanes.Store(Vector512.Load(s.Sums + query * s.Width + i) * scale, output, i, a.HeadDim);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score<T>(T* keys, T* next, int stride, int dimensions, int begin, int end, int queries, ref Scratch s)
        where T : unmanaged, IElement<T>
    {
        var query = begin;
        while (query < end)
        {
            var q = s.Queries + query * s.Width;
            var scores = s.Scores + query * Lanes.Count;
            if (FourFit(query, end, queries))
            {
                PagedAttentionTile.Score4(keys, next, stride, dimensions, q, s.Width, scores);
                query += QueriesAtOnce;
            }
            else
            {
                PagedAttentionTile.Score1(keys, stride, dimensions, q, scores);
                query++;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Softmax(int query, int from, int to, ref Scratch s)
    {
        var scores = Vector512.Load(s.Scores + query * Lanes.Count);
        if (from > 0 || to < Lanes.Count)
        {
            var visible = Vector512.AndNot(Lanes.Below(to), Lanes.Below(from));
            scores = Vector512.ConditionalSelect(visible, scores, Vector512.Create(float.NegativeInfinity));
        }

        var before = s.Maxima[query];
        var maximum = MathF.Max(before, Lanes.Max(scores));
        var weights = Vector512.Exp(scores - Vector512.Create(maximum));
        if (maximum != before)
        {
            var correction = MathF.Exp(before - maximum);
            s.Totals[query] *= correction;
            var sums = s.Sums + query * s.Width;
            for (var i = 0; i < s.Width; i += Lanes.Count) (Vector512.Load(sums + i) * correction).Store(sums + i);
            s.Maxima[query] = maximum;
        }
        s.Totals[query] += Vector512.Sum(weights);
        weights.Store(s.Scores + query * Lanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate<T>(T* values, T* next, int tokens, int dimensions, int begin, int end, int queries, ref Scratch s)
        where T : unmanaged, IElement<T>
    {
        var query = begin;
        while (query < end)
        {
            var sums = s.Sums + query * s.Width;
            var weights = s.Scores + query * Lanes.Count;
            if (FourFit(query, end, queries))
            {
                PagedAttentionTile.Accumulate4(values, next, tokens, dimensions, weights, sums, s.Width);
                query += QueriesAtOnce;
            }
            else
            {
                PagedAttentionTile.Accumulate1(values, tokens, dimensions, weights, sums, s.Width);
                query++;
            }
        }
    }

    // After the tile's last query there is padding that may be computed too; after `end` there may be queries that must not change.
    private static bool FourFit(int query, int end, int queries) =>
        query + QueriesAtOnce <= end || (end == queries && query + 1 < end);

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    private struct Scratch
    {
        public int Width;
        public float* Queries;
        public float* Sums;
        public float* Scores;
        public float* Maxima;
        public float* Totals;
    }
}
