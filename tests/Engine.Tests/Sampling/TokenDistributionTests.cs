using Grid.Engine.Requests;
using Grid.Engine.Sampling;

namespace Grid.Engine.Tests.Sampling;

/// <summary>The fast paths against sorting everything.</summary>
public sealed class TokenDistributionTests(ITestOutputHelper output)
{
    private static readonly int[] s_sizes = [1, 2, 7, 8, 33, 1000, 1024, 1025, 5000, 20_011];

    [Fact]
    public void Fill_RandomRows_KeepsWhatSortingKeeps()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 150; round++)
        {
            var logits = Row(random);
            var sampling = new SamplingParams
            {
                Temperature = Pick(random, 1, 0.01, 0.7, 5),
                TopK = Pick(random, 0, 1, 2, 40, logits.Length - 1, logits.Length, random.Next(1, logits.Length + 1)),
                MinP = Pick(random, 0, 0, 0.02, 0.5, 1),
                TopP = Pick(random, 1, 1, 0.95, 0.5, 0.001, 0.999999),
            };
            var distribution = new TokenDistribution(logits.Length);
            distribution.Fill(logits, sampling);
            var (actual, expected) = (distribution.ToArray(), Reference(logits, sampling));
            for (var id = 0; id < logits.Length; id++)
                Assert.True(Math.Abs(actual[id] - expected[id]) <= 1e-9 * expected[id],
                    $"round {round}, {sampling}, id {id} of {logits.Length}: {actual[id]} instead of {expected[id]}");
            foreach (var u in new[] { 0, 1 - 1e-16, random.NextDouble(), random.NextDouble() }) CheckDraw(distribution.Draw(u), actual, u);
        }
    }

    private static void CheckDraw(int drawn, double[] probabilities, double u)
    {
        var sum = 0.0;
        for (var id = 0; id < drawn; id++) sum += probabilities[id];
        Assert.True(probabilities[drawn] > 0);
        Assert.InRange(u, sum - 1e-12, sum + probabilities[drawn] + 1e-12);
    }

    private static float[] Row(Random random)
    {
        var size = Pick(random, s_sizes);
        var step = Pick(random, 0, 0, 0.25);
        var logits = new float[size];
        for (var id = 0; id < size; id++)
        {
            var logit = random.NextDouble() * Pick(random, 1, 30) - 10;
            logits[id] = random.Next(10) == 0 ? float.NegativeInfinity : (float)(step > 0 ? Math.Round(logit / step) * step : logit);
        }

        logits[random.Next(size)] = 12;
        return logits;
    }

    private static double[] Reference(float[] logits, SamplingParams sampling)
    {
        double max = logits.Max();
        var weights = logits.Select(logit => Math.Exp((logit - max) / sampling.Temperature)).ToArray();
        for (var id = 0; id < weights.Length; id++)
            if (weights[id] < sampling.MinP) weights[id] = 0;
        if (sampling.TopK > 0 && sampling.TopK < logits.Length)
        {
            var least = logits.OrderDescending().ElementAt(sampling.TopK - 1);
            for (var id = 0; id < weights.Length; id++)
                if (logits[id] < least) weights[id] = 0;
        }

        if (sampling.TopP < 1)
        {
            var whole = weights.Sum();
            var before = 0.0;
            foreach (var id in Enumerable.Range(0, weights.Length).OrderByDescending(id => weights[id]).ThenByDescending(id => id))
            {
                var weight = weights[id];
                if (before > 0 && before >= sampling.TopP * whole) weights[id] = 0;
                before += weight;
            }
        }

        var total = weights.Sum();
        return [.. weights.Select(weight => weight / total)];
    }

    private static T Pick<T>(Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
}
