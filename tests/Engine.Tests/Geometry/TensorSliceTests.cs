using Grid.Engine.Configuration;
using Grid.Engine.Geometry;

namespace Grid.Engine.Tests.Geometry;

public sealed class TensorSliceTests
{
    [Fact]
    public void Of_WidthThatDividesNot_NamesItAndTheSize()
    {
        var error = Assert.Throws<ModelLoadException>(() => new TensorSlice(0, 3).Of(100, "intermediate_size"));
        Assert.Equal("intermediate_size (100) must be divisible by tensor parallel size (3).", error.Message);
        Assert.Equal(ModelLoadFault.Layout, error.Kind);
    }

    [Fact]
    public void OfHeads_HeadsThatDivideNot_SaysAsVllmDoes() => Assert.Equal(
        "Total number of attention heads (6) must be divisible by tensor parallel size (4).",
        Assert.Throws<ModelLoadException>(() => new TensorSlice(0, 4).OfHeads(6)).Message);

    [Fact]
    public void OfKVHeads_NeitherDivides_SaysAsVllmDoes() => Assert.Equal(
        "Total number of key/value heads (3) must divide or be divisible by tensor parallel size (2).",
        Assert.Throws<ModelLoadException>(() => new TensorSlice(0, 2).OfKVHeads(3)).Message);

    [Fact]
    public void OfKVHeads_MoreShardsThanHeads_RepeatsThem() =>
        Assert.Equal([0, 0, 1, 1], Enumerable.Range(0, 4).Select(rank => new TensorSlice(rank, 4).OfKVHeads(2).Start));
}
