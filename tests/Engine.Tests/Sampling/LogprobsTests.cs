using Grid.Engine.Sampling;

namespace Grid.Engine.Tests.Sampling;

public sealed class LogprobsTests
{
    [Fact]
    public void Compute_SmallRow_IsLogSoftmaxWithRanks()
    {
        float[] logits = [1, 3, 3, 2, float.NegativeInfinity];
        var normalizer = Math.Log(logits.Sum(logit => Math.Exp(logit)));
        var result = Logprobs.Compute(logits, 2, 3);
        Assert.Equal(2, result.TokenId);
        Assert.Equal(3 - normalizer, result.Logprob, 1e-6);
        Assert.Equal(2, result.Rank);
        Assert.Equal([1, 2, 3], result.Top.Select(top => top.TokenId));
        Assert.Equal(2 - normalizer, result.Top[2].Logprob, 1e-6);
        Assert.Equal(5, Logprobs.Compute(logits, 4, 0).Rank);
        Assert.Equal(float.NegativeInfinity, Logprobs.Compute(logits, 4, 0).Logprob);
    }

    [Fact]
    public void Compute_MoreThanFinite_FillsWithTheLowestBannedIds()
    {
        var result = Logprobs.Compute([float.NegativeInfinity, 1, float.NegativeInfinity], 1, 9);
        Assert.Equal([1, 0, 2], result.Top.Select(top => top.TokenId));
    }

    [Fact]
    public void Compute_HugeLogits_DoesNotOverflow()
    {
        var result = Logprobs.Compute([3e38f, 3e38f, -3e38f], 0, 1);
        Assert.Equal(-Math.Log(2), result.Logprob, 1e-6);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(3000)]
    [InlineData(int.MaxValue)]
    public void Compute_RandomRow_TopIsTheSortedRow(int numTop)
    {
        var random = new Random(11);
        float[] logits = [.. Enumerable.Range(0, 5003).Select(_ => random.Next(200) / 8f)];
        var expected = Enumerable.Range(0, logits.Length).OrderByDescending(id => logits[id]).ThenBy(id => id).ToList();
        var result = Logprobs.Compute(logits, expected[77], numTop);
        Assert.Equal(expected.Take(numTop), result.Top.Select(top => top.TokenId));
        Assert.Equal(78, result.Rank);
    }

    [Fact]
    public void Compute_BrokenRow_Throws() => Assert.Throws<InvalidLogitsException>(() => Logprobs.Compute([1, float.NaN], 0, 1));
}
