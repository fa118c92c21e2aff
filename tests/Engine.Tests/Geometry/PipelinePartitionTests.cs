using Grid.Engine.Configuration;
using Grid.Engine.Geometry;

namespace Grid.Engine.Tests.Geometry;

public sealed class PipelinePartitionTests
{
    // vLLM's published cases, and what its rule says of larger ones.
    [Theory]
    [InlineData(4, 3, "1,2,1")]
    [InlineData(5, 3, "2,2,1")]
    [InlineData(12, 4, "3,3,3,3")]
    [InlineData(22, 2, "11,11")]
    [InlineData(7, 4, "2,2,2,1")]
    [InlineData(5, 4, "1,1,2,1")]
    public void Divide_WithoutAList_GivesTheRestToTheStagesBeforeTheLast(int layers, int stages, string counts) =>
        Assert.Equal(counts, string.Join(',', PipelinePartition.Divide(layers, stages, null).Select(stage => stage.Length)));

    [Fact]
    public void Divide_WithAList_FollowsIt()
    {
        var stages = PipelinePartition.Divide(22, 3, [5, 9, 8]);
        Assert.Equal([new Slice(0, 5), new Slice(5, 9), new Slice(14, 8)], stages);
        Assert.Equal("0-4, 5-13, 14-21", PipelinePartition.Describe(stages));
    }

    [Theory]
    [InlineData(4, new[] { 2, 2, 1 }, "--pipeline-layer-partition must have as many numbers as there are stages (2); got 3.")]
    [InlineData(4, new[] { 2, 1 }, "--pipeline-layer-partition must add up to the number of layers (4); got 3.")]
    [InlineData(4, new[] { 4, 0 }, "--pipeline-layer-partition must give each stage at least 1 layer; got '4,0'.")]
    [InlineData(1, null, "Number of layers (1) must be at least pipeline parallel size (2).")]
    public void Divide_WhatDoesNotFit_IsRefused(int layers, int[]? list, string message) =>
        Assert.Equal(message, Assert.Throws<ModelLoadException>(() => PipelinePartition.Divide(layers, 2, list)).Message);
}
