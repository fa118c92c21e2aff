using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Grid.Engine.Weights;

/// <summary>Random weights for <c>--load-format dummy</c>: whatever is asked for is there, the same for the same seed.</summary>
internal sealed class DummyWeightSource(long seed) : IWeightSource
{
    public IReadOnlyCollection<string> Names => [];

    public long TotalBytes => 0;

    public WeightTensor? Find(string name) => null;

    public WeightTensor Require(string name, params IReadOnlyList<long> shape) => new Tensor(name, [.. shape], seed);

    public void Dispose()
    {
    }

    private sealed class Tensor(string name, long[] shape, long seed) : WeightTensor(name, shape, WeightType.Float32)
    {
        // Of the size that models are initialised with: activations neither vanish nor overflow.
        private const double Deviation = 0.02;

        private readonly int _key = BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{name}")));

        // Norms are the only vectors named so; they begin at 1.
        private readonly float _centre = shape.Length == 1 && name.EndsWith(".weight", StringComparison.Ordinal) ? 1 : 0;

        public override void ReadRows(long firstRow, long rowCount, Span<float> destination)
        {
            for (long row = 0; row < rowCount; row++)
                Fill(firstRow + row, destination.Slice((int)(row * RowLength), (int)RowLength));
        }

        private void Fill(long row, Span<float> values)
        {
            var random = new Random(_key ^ (int)row);
            var scale = Deviation * Math.Sqrt(12);
            foreach (ref var value in values) value = _centre + (float)((random.NextDouble() - 0.5) * scale);
        }
    }
}
