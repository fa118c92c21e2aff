using Grid.Engine.Requests;

namespace Grid.Engine.Tests.Requests;

public sealed class TokenMaskTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(100)]
    public void Apply_RandomIds_KeepsTheirLogitsAlone(int vocab)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        float[] logits = [.. Enumerable.Range(0, vocab).Select(_ => random.NextSingle())];
        // Some ids are beyond the row: it ends where the row does.
        int[] ids = [.. Enumerable.Range(0, vocab + 40).Where(_ => random.Next(3) == 0)];
        var mask = new TokenMask(ids);
        var result = new float[vocab];
        mask.Apply(logits, result);

        for (var id = 0; id < vocab; id++)
        {
            Assert.Equal(ids.Contains(id), mask.Allows(id));
            Assert.Equal(ids.Contains(id) ? logits[id] : float.NegativeInfinity, result[id]);
        }
    }

    [Fact]
    public void Allows_NoIds_NothingIs()
    {
        var mask = new TokenMask([]);
        Assert.False(mask.Allows(0));
        Assert.False(mask.Allows(-1));
        Assert.False(mask.Allows(32));
    }
}
