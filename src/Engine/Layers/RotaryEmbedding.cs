using Grid.Engine.Configuration;
using Grid.Engine.Geometry;
using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>Rotary position embedding, shared by all layers. Its tables grow with the positions that occur.</summary>
internal sealed class RotaryEmbedding : IDisposable
{
    private const int FirstPositions = 2048;

    private readonly IKernels _kernels;
    private readonly Device _device;
    private readonly float[] _frequencies;
    private readonly float _factor;
    private Tensor? _cos;
    private Tensor? _sin;
    private int _positions;

    public RotaryEmbedding(LayerContext context, RopeParameters rope)
    {
        _kernels = context.Kernels;
        _device = context.Device;
        _frequencies = RotaryFrequencies.Compute(rope, context.Config.HeadDim, context.Config.MaxPositionEmbeddings);
        _factor = RotaryFrequencies.AttentionFactor(rope);
    }

    /// <summary>Extends the tables to positions below <paramref name="count"/>.</summary>
    public void EnsurePositions(int count)
    {
        if (count <= _positions) return;
        Dispose();
        _positions = Math.Max(FirstPositions, count * 2);
        int pairs = _frequencies.Length;
        float[] cos = new float[(long)_positions * pairs], sin = new float[cos.Length];
        for (var position = 0; position < _positions; position++)
        {
            for (var i = 0; i < pairs; i++)
            {
                var (s, c) = MathF.SinCos(position * _frequencies[i]);
                cos[(long)position * pairs + i] = c * _factor;
                sin[(long)position * pairs + i] = s * _factor;
            }
        }
        _cos = Table(cos);
        _sin = Table(sin);
    }

    /// <summary>Rotates query and key heads in place.</summary>
    public void Forward(Tensor qkv, HeadRange queries, HeadRange keys, Tensor positions) =>
        _kernels.Rotate(qkv, queries with { Count = queries.Count + keys.Count }, positions, _cos!, _sin!);

    public void Dispose()
    {
        _cos?.Dispose();
        _sin?.Dispose();
    }

    private Tensor Table(float[] values)
    {
        using var flat = tensor(values);
        using var table = flat.view(-1, _frequencies.Length);
        return table.to(_device, copy: true).DetachFromDisposeScope();
    }
}
