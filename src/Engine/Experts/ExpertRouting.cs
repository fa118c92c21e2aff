
namespace Grid.Engine.Experts;

/// <summary>Which rows go to which expert and with which weight: softmax in float32, the largest few, ties to the lowest id.</summary>
internal sealed class ExpertRouting(int experts, int expertsPerToken, bool renormalise)
{
    private readonly float[] _probabilities = new float[experts];
    private readonly int[] _chosen = new int[expertsPerToken];
    private readonly ExpertRows[] _rows = [.. Enumerable.Range(0, experts).Select(_ => new ExpertRows())];

    /// <summary>The rows of an expert, in ascending order.</summary>
    public ReadOnlySpan<int> RowsOf(int expert) => _rows[expert].Rows;

    /// <summary>Their weights.</summary>
    public ReadOnlySpan<float> WeightsOf(int expert) => _rows[expert].Weights;

    /// <summary>Reads a row of router logits for each token.</summary>
    public void Assign(ReadOnlySpan<float> logits)
    {
        foreach (var expert in _rows) expert.Clear();
        for (var row = 0; row * experts < logits.Length; row++)
        {
            Softmax(logits.Slice(row * experts, experts));
            Choose();
            var total = 1f;
            if (renormalise)
            {
                total = 0;
                foreach (var expert in _chosen) total += _probabilities[expert];
            }
            foreach (var expert in _chosen) _rows[expert].Add(row, _probabilities[expert] / total);
        }
    }

    private void Softmax(ReadOnlySpan<float> logits)
    {
        var largest = float.NegativeInfinity;
        foreach (var logit in logits) largest = MathF.Max(largest, logit);
        float total = 0;
        for (var i = 0; i < logits.Length; i++) total += _probabilities[i] = MathF.Exp(logits[i] - largest);
        for (var i = 0; i < logits.Length; i++) _probabilities[i] /= total;
    }

    private void Choose()
    {
        for (var n = 0; n < _chosen.Length; n++)
        {
            var best = -1;
            for (var expert = 0; expert < experts; expert++)
                if ((best < 0 || _probabilities[expert] > _probabilities[best]) && !_chosen.AsSpan(0, n).Contains(expert)) best = expert;
            _chosen[n] = best;
        }
    }

    private sealed class ExpertRows
    {
        private int[] _rows = new int[16];
        private float[] _weights = new float[16];
        private int _count;

        public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

        public ReadOnlySpan<float> Weights => _weights.AsSpan(0, _count);

        public void Clear() => _count = 0;

        public void Add(int row, float weight)
        {
            if (_count == _rows.Length)
            {
                Array.Resize(ref _rows, _count * 2);
                Array.Resize(ref _weights, _count * 2);
            }
            (_rows[_count], _weights[_count]) = (row, weight);
            _count++;
        }
    }
}
