using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Grid.Engine.Configuration;
using Grid.Engine.Geometry;
using Grid.Engine.Kernels;
using Grid.Engine.Kernels.Cpu;
using static TorchSharp.torch;

namespace Grid.Engine.Weights;

/// <summary>Reads slices of a checkpoint into host tensors of the model's type.</summary>
internal sealed unsafe class WeightLoader(IWeightSource source, IProgress<LoadProgress>? progress = null) : IDisposable
{
    // This many values of each tensor distinguish checkpoints of the same shapes.
    private const int SampleValues = 64;

    // Values that are converted at once.
    private const long ChunkValues = 1 << 20;

    private readonly float[] _chunk = new float[ChunkValues];
    private readonly IncrementalHash _identity = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _bytesDone;

    /// <summary>Whether the checkpoint has the tensor.</summary>
    public bool Has(string name) => source.Find(name) is not null;

    /// <summary>Identifies what was read so far: names, shapes and the first values of each tensor.</summary>
    public string Digest() => Convert.ToHexStringLower(_identity.GetCurrentHash());

    /// <summary>A whole vector, in float32.</summary>
    public Tensor Vector(string name, int length)
    {
        var result = empty(length, ScalarType.Float32);
        Require(name, length).ReadRows(0, length, new Span<float>(result.Data(), length));
        return Finish(result, ScalarType.Float32);
    }

    /// <summary>Rows of a table.</summary>
    public Tensor Table(string name, int rows, int width, ScalarType type, Slice slice)
    {
        var result = Staging(slice.Length, width, type);
        CopyRows(Require(name, rows, width), slice, Slice.All(width), result, 0);
        return Finish(result, type);
    }

    /// <summary>The weight of a linear, its outputs gathered from parts in order.</summary>
    public Tensor Weight(ReadOnlySpan<LinearPart> parts, int inputs, Slice columns, ScalarType type)
    {
        long rows = 0;
        foreach (var part in parts) rows += part.Rows.Length;
        var result = Staging(rows, columns.Length, type);
        long row = 0;
        foreach (var part in parts)
        {
            if (part.Transposed) CopyTransposed(Require(part.Name + ".weight", inputs, part.Outputs), part.Rows, columns, result, row);
            else CopyRows(Require(part.Name + ".weight", part.Outputs, inputs), part.Rows, columns, result, row);
            row += part.Rows.Length;
        }
        return Finish(result, type);
    }

    /// <summary>The bias of a linear, gathered in the same way.</summary>
    public Tensor Bias(ReadOnlySpan<LinearPart> parts, ScalarType type)
    {
        var rows = 0;
        foreach (var part in parts) rows += part.Rows.Length;
        var result = Staging(1, rows, type);
        var values = new List<float>(rows);
        foreach (var part in parts)
        {
            var whole = new float[part.Outputs];
            Require(part.Name + ".bias", part.Outputs).ReadRows(0, part.Outputs, whole);
            values.AddRange(whole.AsSpan(part.Rows.Start, part.Rows.Length));
        }
        Store(CollectionsMarshal.AsSpan(values), result, 0);
        using (result) return Finish(result.view(rows), type);
    }

    public void Dispose() => _identity.Dispose();

    private void CopyRows(WeightTensor from, Slice rows, Slice columns, Tensor to, long firstRow)
    {
        if (columns.Length == from.RowLength && HasTypeOf(from, to))
        {
            var bytes = from.RowLength * to.element_size();
            Buffer.MemoryCopy(from.Data + rows.Start * bytes, (byte*)to.Data() + firstRow * bytes, rows.Length * bytes,
                rows.Length * bytes);
            return;
        }

        var step = (int)Math.Max(1, ChunkValues / from.RowLength);
        for (var done = 0; done < rows.Length; done += step)
        {
            var count = Math.Min(step, rows.Length - done);
            var values = Chunk(count * from.RowLength);
            from.ReadRows(rows.Start + done, count, values);
            for (var i = 0; i < count; i++)
                Store(values.Slice((int)(i * from.RowLength) + columns.Start, columns.Length), to, firstRow + done + i);
        }
    }

    private void CopyTransposed(WeightTensor from, Slice rows, Slice columns, Tensor to, long firstRow)
    {
        var transposed = new float[(long)rows.Length * columns.Length];
        for (var column = 0; column < columns.Length; column++)
        {
            var values = Chunk(from.RowLength);
            from.ReadRows(columns.Start + column, 1, values);
            for (var row = 0; row < rows.Length; row++) transposed[(long)row * columns.Length + column] = values[rows.Start + row];
        }
        for (var row = 0; row < rows.Length; row++)
            Store(transposed.AsSpan(row * columns.Length, columns.Length), to, firstRow + row);
    }

    private Span<float> Chunk(long length) => length <= ChunkValues ? _chunk.AsSpan(0, (int)length) : new float[length];

    private static bool HasTypeOf(WeightTensor from, Tensor to) =>
        from.Data != null
        && (from.Type, to.dtype) is (WeightType.Float32, ScalarType.Float32) or (WeightType.BFloat16, ScalarType.BFloat16);

    private static void Store(ReadOnlySpan<float> values, Tensor to, long row)
    {
        fixed (float* from = values)
        {
            var arguments = new ElementwiseKernel.Arguments { Input = from, Width = values.Length };
            arguments.Output = (byte*)to.Data() + row * to.size(1) * to.element_size();
            if (to.dtype == ScalarType.BFloat16) ElementwiseKernel.Cast<Float32Element, BFloat16Element>(&arguments, 0, 1);
            else ElementwiseKernel.Cast<Float32Element, Float32Element>(&arguments, 0, 1);
        }
    }

    // Kernels know float32 and bfloat16; other types are made from float32 at the end.
    private static Tensor Staging(long rows, long columns, ScalarType type) =>
        empty(rows, columns, type == ScalarType.BFloat16 ? type : ScalarType.Float32);

    private Tensor Finish(Tensor result, ScalarType type)
    {
        _bytesDone += result.numel() * (type == ScalarType.Float32 ? 4 : 2);
        progress?.Report(new LoadProgress("Loading weights", Math.Min(_bytesDone, source.TotalBytes), source.TotalBytes));
        if (result.dtype == type) return result;
        using (result) return result.to(type);
    }

    private WeightTensor Require(string name, params IReadOnlyList<long> shape)
    {
        var tensor = source.Require(name, shape);
        _identity.AppendData(Encoding.UTF8.GetBytes($"{name}[{string.Join(',', shape)}]"));
        var rows = Math.Clamp(SampleValues / tensor.RowLength, 1, tensor.Rows);
        var sample = Chunk(rows * tensor.RowLength);
        tensor.ReadRows(0, rows, sample);
        _identity.AppendData(MemoryMarshal.AsBytes(sample));
        return tensor;
    }
}
