using Grid.Engine.Kernels;
using Grid.Engine.Steps;
using static TorchSharp.torch;

namespace Grid.Engine.Execution;

/// <summary>A step's token ids and positions, in buffers that are reused.</summary>
internal sealed unsafe class StepInputs(int vocabSize, int capacity, Device device) : IDisposable
{
    private readonly List<int> _logitRows = [];
    private Tensor _tokenIds = Buffer(capacity);
    private Tensor _positions = Buffer(capacity);
    private int _capacity = capacity;
    private int _count;

    /// <summary>Rows whose logits are asked for, in the order of the output.</summary>
    public ReadOnlySpan<int> LogitRows => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_logitRows);

    /// <summary>One more than the largest position.</summary>
    public int NumPositions { get; private set; }

    /// <summary>Token ids on the device; the caller disposes them.</summary>
    public Tensor TokenIds() => View(_tokenIds);

    /// <summary>Positions on the device; the caller disposes them.</summary>
    public Tensor Positions() => View(_positions);

    public void Fill(StepBatch step)
    {
        EnsureCapacity(step.NumTokens);
        _logitRows.Clear();
        NumPositions = 0;
        var row = 0;
        foreach (ref readonly var sequence in step.Sequences)
        {
            Copy(step.TokenIds.Slice(row, sequence.Count), sequence.Start, row);
            row += sequence.Count;
            for (var logit = row - sequence.NumLogits; logit < row; logit++) _logitRows.Add(logit);
            NumPositions = Math.Max(NumPositions, sequence.End);
        }
        _count = row;
    }

    public void Dispose()
    {
        _tokenIds.Dispose();
        _positions.Dispose();
    }

    private static Tensor Buffer(int capacity) => empty(capacity, ScalarType.Int64).DetachFromDisposeScope();

    private void Copy(ReadOnlySpan<int> tokens, int position, int row)
    {
        long* ids = _tokenIds.Data<long>() + row, positions = _positions.Data<long>() + row;
        for (var i = 0; i < tokens.Length; i++)
        {
            if ((uint)tokens[i] >= (uint)vocabSize)
                throw new ArgumentOutOfRangeException(nameof(tokens), tokens[i], $"Token ids must be from 0 to {vocabSize - 1}.");
            ids[i] = tokens[i];
            positions[i] = position + i;
        }
    }

    private void EnsureCapacity(int count)
    {
        if (count <= _capacity) return;
        Dispose();
        _capacity = count;
        (_tokenIds, _positions) = (Buffer(count), Buffer(count));
    }

    private Tensor View(Tensor buffer)
    {
        var view = buffer.narrow(0, 0, _count);
        if (device.type == TorchSharp.DeviceType.CPU) return view;
        using (view) return view.to(device);
    }
}
