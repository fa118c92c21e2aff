using Grid.Engine.Configuration;
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
    private readonly long _outputs;

    private PackedLinear(Tensor weight, Tensor? bias, long tile, long outputs) =>
        (_weight, _bias, _tile, _outputs) = (weight, bias, tile, outputs);

    public Tensor Forward(Tensor x)
    {
        var result = ForwardPadded(x);
        if (result.size(1) == _outputs) return result;
        using (result)
        using (var outputs = result.narrow(1, 0, _outputs)) return outputs.contiguous();
    }

    private Tensor ForwardPadded(Tensor x)
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

    // Rows of zeros up to whole blocks, whose outputs are left out.
    private static Tensor Pad(Tensor rows)
    {
        using (rows)
        {
            var shape = rows.shape;
            shape[0] = (PackedCheck.Multiple - (shape[0] % PackedCheck.Multiple)) % PackedCheck.Multiple;
            using var zeroRows = zeros(shape, rows.dtype);
            return cat([rows, zeroRows], 0);
        }
    }

    /// <summary>Packs weights and lets go of the plain ones.</summary>
    public sealed class Factory : ILinearFactory
    {
        public ILinear Create(Tensor weight, Tensor? bias)
        {
            var outputs = weight.size(0);
            if (!PackedCheck.IsRight(weight)) (weight, bias) = (Pad(weight), bias is null ? null : Pad(bias));
            using (weight)
            {
                if (!PackedCheck.IsRight(weight))
                    throw new ModelLoadException(
                        $"oneDNN computes a linear of [{string.Join(", ", weight.shape)}] wrongly on this CPU. Use --runner eager, or set "
                        + "ONEDNN_MAX_CPU_ISA=AVX2.");
                var packed = PackedWeight.Pack(weight);
                return new PackedLinear(packed, bias, RowInvariance.LargestTile(packed, weight.size(1)), outputs);
            }
        }
    }
}
