using Grid.Engine.Sampling;

namespace Grid.Engine.Tests.Sampling;

public sealed class PhiloxTests
{
    [Fact]
    public void Words_OfTheWrittenExample_AreItsWords() =>
        Assert.Equal((0x8a100e2fu, 0x7875c62du, 0xc01c0462u, 0xa6514afeu), Philox.Words(42, 3, 1));

    [Fact]
    public void Words_OfRandom123sKnownAnswer_AreItsWords() =>
        Assert.Equal((0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
        Philox.Words(0x299f31d0_a4093822, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344));

    [Fact]
    public void Uniform_OfTheWrittenExample_IsItsNumber() => Assert.Equal(0.5393074861426248, Philox.Uniform(42, 3, 1));

    [Fact]
    public void Uniform_NegativeSeed_UsesItsTwosComplement() =>
        Assert.Equal((Philox.Words(ulong.MaxValue, 0, 0).W0 >> 11) / (double)(1 << 21), Philox.Uniform(-1, 0, 0), 1e-6);
}
