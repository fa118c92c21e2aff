using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Grains.Placement;

namespace Grid.Grains.Tests.Placement;

public sealed class ModelSizeTests
{
    private static readonly ModelFiles Found = new("models/guide", "sha256:1", 1, 1, 1024, null);

    [Theory]
    [InlineData(null, 1024)]
    [InlineData("512", 512)]
    [InlineData("4k", 4096)]
    [InlineData("auto", 1024)]
    [InlineData("-1", 1024)]
    public void LongestOf_BeforeALoad_IsWhatIsAskedForElseTheFiles(string? asked, int expected) =>
        Assert.Equal(expected, ModelSize.LongestOf(Spec("models/guide", asked), Found));

    [Fact]
    public void LongestOf_NobodyHasLooked_IsNotKnown() => Assert.Null(ModelSize.LongestOf(Spec("models/guide", null), null));

    [Fact]
    public void LongestOf_OfASimulatedModel_IsItsOwn() =>
        Assert.Equal(77,
        ModelSize.LongestOf(Spec("sim", null) with { Sim = new SimSpec { MaxModelLen = 77 } },
            new ModelFiles("sim", "sim", 0, 0, 0, null)));

    private static ModelSpec Spec(string source, string? asked) =>
        new("m", source, 1, null, 1, Engine: asked is null ? null : new() { ["maxModelLen"] = asked });
}
