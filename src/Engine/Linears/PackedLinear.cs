using static TorchSharp.torch;

namespace Grid.Engine.Linears;

/// <summary>
/// A linear whose weight has oneDNN's own layout. A row's bits are the same in any batch: where oneDNN does not give
/// that for a shape, <see cref="RowInvariance"/> has found tiles of rows for which it does.
/// </summary>
internal sealed class PackedLinear : ILinear
{
    private readonly Tensor _weight;
    private readonly Tensor? _bias;
    private readonly long _tile;

    private PackedLinear(Tensor weight, Tensor? bias, long tile)
    {
        _weight = weight;
        _bias = bias;
        _tile = tile;
    }

    public Tensor Forward(Tensor x)
    {
        var rows = x.size(0);
        if (rows <= _tile) return PackedWeight.Linear(x, _weight, _bias);
        var result = empty(rows, _weight.size(0), x.dtype);
        for (long row = 0; row < rows; row += _tile)
        {
            var count = Math.Min(_tile, rows - row);
            using var input = x.narrow(0, row, count);
            using var output = PackedWeight.Linear(input, _weight, _bias);
            using var target = result.narrow(0, row, count);
            target.copy_(output);
        }
        return result;
    }

    public void Dispose()
    {
        _weight.Dispose();
        _bias?.Dispose();
    }

    /// <summary>Packs weights and lets go of the plain ones.</summary>
    public sealed class Factory : ILinearFactory
    {
        public ILinear Create(Tensor weight, Tensor? bias)
        {
            using (weight)
            {
                var packed = PackedWeight.Pack(weight);
                return new PackedLinear(packed, bias, RowInvariance.LargestTile(packed, weight.size(1)));
            }
        }
    }
}
