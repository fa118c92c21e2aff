using Grid.Engine.Configuration;
using Grid.Engine.Layers;

namespace Grid.Engine.Tests.Layers;

public sealed class RotaryFrequenciesTests
{
    private const int HeadDim = 64;

    [Fact]
    public void Compute_Dynamic_RaisesTheBaseOnceForTheLongestLength()
    {
        var rope = new RopeParameters { Type = "dynamic", Factor = 4 };
        var stretch = (4.0 * 4) - 3;
        var theta = 10000 * Math.Pow(stretch, HeadDim / (HeadDim - 2.0));
        Assert.Equal((float)(1 / Math.Pow(theta, 2.0 / HeadDim)), RotaryFrequencies.Compute(rope, HeadDim, 2048)[1], 1e-7f);
    }

    [Fact]
    public void Compute_FrequencyFactors_DivideThePlainFrequencies()
    {
        var factors = Enumerable.Range(1, HeadDim / 2).Select(i => (float)i).ToArray();
        var rope = new RopeParameters { Type = "llama3", Factor = 8, OriginalMaxPositionEmbeddings = 8192, FrequencyFactors = factors };
        var plain = RotaryFrequencies.Compute(new RopeParameters(), HeadDim, 2048);
        var actual = RotaryFrequencies.Compute(rope, HeadDim, 2048);
        for (var i = 0; i < actual.Length; i++) Assert.Equal(plain[i] / (i + 1), actual[i], plain[i] * 1e-6f);
    }

    [Fact]
    public void Compute_Llama3_KeepsFastAndStretchesSlowFrequencies()
    {
        var rope = new RopeParameters
        {
            Type = "llama3", Theta = 500000, Factor = 8, LowFreqFactor = 1, HighFreqFactor = 4,
            OriginalMaxPositionEmbeddings = 8192
        };
        var plain = RotaryFrequencies.Compute(new RopeParameters { Theta = 500000 }, HeadDim, 131072);
        var actual = RotaryFrequencies.Compute(rope, HeadDim, 131072);
        Assert.Equal(plain[0], actual[0]);
        Assert.Equal(plain[^1] / 8, actual[^1], plain[^1] * 1e-6f);
    }

    [Theory]
    [InlineData(null, null, null, 1.1386294361)]
    [InlineData(1.5, null, null, 1.5)]
    [InlineData(null, 1.0, 1.0, 1.0)]
    [InlineData(null, 0.707, 1.0, 0.96432692)]
    public void AttentionFactor_Yarn_FollowsItsParameters(double? given, double? mscale, double? mscaleAllDim, double expected)
    {
        var rope = new RopeParameters { Type = "yarn", Factor = 4, AttentionFactor = given, Mscale = mscale, MscaleAllDim = mscaleAllDim };
        Assert.Equal((float)expected, RotaryFrequencies.AttentionFactor(rope), 1e-6f);
    }

    [Fact]
    public void Compute_YarnUntruncated_DiffersOnlyInTheRamp()
    {
        var rope = new RopeParameters { Type = "yarn", Factor = 4, OriginalMaxPositionEmbeddings = 64 };
        var truncated = RotaryFrequencies.Compute(rope, HeadDim, 256);
        var untruncated = RotaryFrequencies.Compute(rope with { Truncate = false }, HeadDim, 256);
        Assert.Equal(truncated[0], untruncated[0]);
        Assert.Equal(truncated[^1], untruncated[^1]);
        Assert.NotEqual(truncated, untruncated);
    }
}
