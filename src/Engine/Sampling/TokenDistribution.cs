using Grid.Engine.Requests;

namespace Grid.Engine.Sampling;

/// <summary>The kept ids of one row, ascending, with their unnormalized probabilities.</summary>
internal sealed class TokenDistribution(int vocabSize)
{
    private readonly int[] _ids = new int[vocabSize];
    private readonly double[] _weights = new double[vocabSize];
    private readonly double[] _blockSums = new double[(vocabSize + LogitRow.BlockSize - 1) / LogitRow.BlockSize];
    private float[] _largest = [];
    private Candidate[] _candidates = [];
    private bool _isDense;
    private int _count;
    private double _total;

    /// <summary>Temperature, min-p, top-k, top-p.</summary>
    /// <exception cref="InvalidLogitsException">A logit is NaN or +infinity, or all are -infinity.</exception>
    public void Fill(ReadOnlySpan<float> logits, SamplingParams sampling)
    {
        double max = LogitRow.Max(logits);
        var temperature = sampling.Temperature;
        var hasTopK = sampling.TopK > 0 && sampling.TopK < logits.Length;
        _isDense = !hasTopK && sampling.MinP <= 0 && sampling.TopP >= 1;
        if (_isDense)
        {
            _count = logits.Length;
            _total = LogitRow.Weigh(logits, max, temperature, _weights, _blockSums);
            return;
        }

        var (threshold, whole) = (float.NegativeInfinity, 0.0);
        if (hasTopK) threshold = KthLargest(logits, sampling.TopK);
        if (sampling.MinP > 0) threshold = MathF.Max(threshold, LogitOf(sampling.MinP, max, temperature));
        if (!hasTopK && sampling.MinP <= 0)
        {
            // All ids as unlikely as this together would not fill the share that top-p cuts off.
            whole = LogitRow.SumWeights(logits, max, temperature);
            threshold = LogitOf((1 - sampling.TopP) * whole / logits.Length, max, temperature);
        }

        Gather(logits, threshold, sampling.MinP, max, temperature);
        if (sampling.TopP < 1) KeepTopP(sampling.TopP * (whole > 0 ? whole : _total));
    }

    /// <summary>The first id, ascending, whose cumulative probability exceeds <paramref name="u"/>.</summary>
    public int Draw(double u)
    {
        var target = u * _total;
        var (sum, i) = (0.0, 0);
        if (_isDense)
            for (var block = 0; block + 1 < _blockSums.Length && sum + _blockSums[block] <= target; block++, i += LogitRow.BlockSize)
                sum += _blockSums[block];
        for (; i < _count; i++)
        {
            sum += _weights[i];
            if (sum > target) return Id(i);
        }

        // The sums of blocks and of ids may differ in their last bits.
        for (i = _count - 1; _weights[i] == 0; i--) { }
        return Id(i);
    }

    /// <summary>Normalized, one an id of the vocabulary.</summary>
    public double[] ToArray()
    {
        var probabilities = new double[vocabSize];
        for (var i = 0; i < _count; i++) probabilities[Id(i)] = _weights[i] / _total;
        return probabilities;
    }

    private int Id(int index) => _isDense ? index : _ids[index];

    private float KthLargest(ReadOnlySpan<float> logits, int k)
    {
        var needed = (int)Math.Min(logits.Length, 2L * k + Selection.Slack);
        if (_largest.Length < needed) _largest = new float[needed];
        return Selection.KthLargest(logits, k, _largest);
    }

    /// <summary>A logit that is surely not above those of this weight: rounding must lose no id.</summary>
    private static float LogitOf(double weight, double max, double temperature)
    {
        if (weight <= 0) return float.NegativeInfinity;
        var logit = max + temperature * Math.Log(weight);
        return (float)(logit - 1e-6 * (Math.Abs(logit) + Math.Abs(max) + 1));
    }

    private void Gather(ReadOnlySpan<float> logits, float threshold, double leastWeight, double max, double temperature)
    {
        var gathered = LogitRow.Gather(logits, threshold, _ids);
        (_count, _total) = (0, 0);
        for (var i = 0; i < gathered; i++)
        {
            var weight = Math.Exp((logits[_ids[i]] - max) / temperature);
            if (weight < leastWeight || weight == 0) continue;
            (_ids[_count], _weights[_count++]) = (_ids[i], weight);
            _total += weight;
        }
    }

    private void KeepTopP(double target)
    {
        if (_candidates.Length < _count) _candidates = new Candidate[Math.Min(vocabSize, Math.Max(1024, _count * 2))];
        for (var i = 0; i < _count; i++) _candidates[i] = new(_weights[i], _ids[i]);
        var last = Selection.Boundary(_candidates.AsSpan(0, _count), target);
        var count = _count;
        (_count, _total) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            if (new Candidate(_weights[i], _ids[i]).CompareTo(last) > 0) continue;
            (_ids[_count], _weights[_count++]) = (_ids[i], _weights[i]);
            _total += _weights[_count - 1];
        }
    }
}
