namespace Grid.Engine.Weights.Gguf;

/// <summary>A matrix read by columns: GPT-2's linears are stored the other way round than in Hugging Face's Conv1D.</summary>
internal sealed class TransposedTensor(string name, WeightTensor inner) : WeightTensor(name, [inner.Shape[1], inner.Shape[0]], inner.Type)
{
    private readonly Lazy<float[]> _values = new(() =>
    {
        var values = new float[checked(inner.Rows * inner.RowLength)];
        inner.ReadRows(0, inner.Rows, values);
        return values;
    });

    public override void ReadRows(long firstRow, long rowCount, Span<float> destination)
    {
        CheckRows(firstRow, rowCount, destination);
        var values = _values.Value;
        var at = 0;
        for (var row = firstRow; row < firstRow + rowCount; row++)
            for (var column = 0L; column < RowLength; column++) destination[at++] = values[column * Rows + row];
    }
}
