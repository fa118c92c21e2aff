using Grid.Abstractions.Configuration;
using Grid.Grains.Placement;

namespace Grid.Grains.Tests.Placement;

public sealed class ReplicaShapeTests
{
    [Theory]
    [InlineData(1, null, 0)]
    [InlineData(1, "false", 0)]
    [InlineData(1, "true", 1)]
    [InlineData(4, null, 4)]
    public void LayoutOf_OneExpertShard_IsThereWhereItIsAskedFor(int size, string? asked, int expected)
    {
        var engine = asked is null ? null : new Dictionary<string, string> { ["enableExpertParallel"] = asked };
        var spec = new ModelSpec("m", "folder", 1, null, 1, Engine: engine, Parallelism: new ParallelismSpec(false, Expert: size));

        Assert.Equal(expected, ReplicaShape.LayoutOf(spec)!.Expert);
    }
}
