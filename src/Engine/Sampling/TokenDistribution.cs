using Grid.Engine.Requests;

namespace Grid.Engine.Sampling;

/// <summary>The kept ids of one row, ascending, with their unnormalized probabilities.</summary>
internal sealed class TokenDistribution(int vocabSize)
{
    private readonly int[] _ids = new int[vocabSize];
    private readonly double[] _weights = new double[vocabSize];
    private int _count;
    private double _total;

    /// <summary>Temperature, min-p, top-k, top-p.</summary>
    public void Fill(ReadOnlySpan<float> logits, SamplingParams sampling)
    {
        double max = LogitRow.Max(logits);
        var threshold = sampling.TopK > 0 && sampling.TopK < logits.Length ? KthLargest(logits, sampling.TopK) : float.NegativeInfinity;
        (_count, _total) = (0, 0);
        for (var id = 0; id < logits.Length; id++)
        {
            if (logits[id] < threshold) continue;
            var weight = Math.Exp((logits[id] - max) / sampling.Temperature);
            if (weight < sampling.MinP || weight == 0) continue;
            _ids[_count] = id;
            _weights[_count++] = weight;
            _total += weight;
        }

        if (sampling.TopP < 1) KeepTopP(sampling.TopP);
    }

    /// <summary>The first id, ascending, whose cumulative probability exceeds <paramref name="u"/>.</summary>
    public int Draw(double u)
    {
        var target = u * _total;
        var sum = 0.0;
        for (var i = 0; i < _count; i++)
        {
            sum += _weights[i];
            if (sum > target) return _ids[i];
        }

        return _ids[_count - 1];
    }

    /// <summary>Normalized, one an id of the vocabulary.</summary>
    public double[] ToArray(int vocabSize)
    {
        var probabilities = new double[vocabSize];
        for (var i = 0; i < _count; i++) probabilities[_ids[i]] = _weights[i] / _total;
        return probabilities;
    }

    private static float KthLargest(ReadOnlySpan<float> logits, int k)
    {
        var sorted = logits.ToArray();
        Array.Sort(sorted);
        return sorted[^k];
    }

    private void KeepTopP(double topP)
    {
        // Most likely first; of equals the highest id first, as a stable ascending sort has it in vLLM.
        var order = new int[_count];
        for (var i = 0; i < _count; i++) order[i] = i;
        Array.Sort(order, (a, b) => _weights[a] != _weights[b] ? _weights[b].CompareTo(_weights[a]) : b.CompareTo(a));
        var (kept, before) = (0, 0.0);
        while (kept < _count && (kept == 0 || before < topP * _total)) before += _weights[order[kept++]];
        Array.Sort(order, 0, kept);
        for (var i = 0; i < kept; i++) (_ids[i], _weights[i]) = (_ids[order[i]], _weights[order[i]]);
        (_count, _total) = (kept, before);
    }
}
