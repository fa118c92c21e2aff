using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>Pads a shard's rows of the vocabulary with zeros, so that all shards have equally many.</summary>
internal static class PaddedRows
{
    /// <summary>The padded rows. Takes ownership of <paramref name="rows"/>.</summary>
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
