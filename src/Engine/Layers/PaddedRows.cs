using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>Fills a shard's rows of the vocabulary up, so that all shards have as many.</summary>
internal static class PaddedRows
{
    /// <summary>The rows with zero rows behind them; what is passed in passes over.</summary>
    public static Tensor Of(Tensor rows, int count)
    {
        if (rows.size(0) == count) return rows;
        using (rows)
        {
            var padded = zeros(count, rows.size(1), rows.dtype);
            using var head = padded.narrow(0, 0, rows.size(0));
            head.copy_(rows);
            return padded;
        }
    }
}
