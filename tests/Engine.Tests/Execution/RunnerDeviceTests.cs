using Grid.Engine.Execution;

namespace Grid.Engine.Tests.Execution;

public sealed class RunnerDeviceTests
{
    [Theory]
    [InlineData("cuda", 0, "cuda:0")]
    [InlineData("cuda", 3, "cuda:3")]
    [InlineData("cuda:4", 3, "cuda:7")]
    [InlineData("cuda:x", 1, "cuda:x")]
    [InlineData("cpu", 1, "cpu")]
    [InlineData("cpu:8GiB", 1, "cpu:8GiB")]
    public void OfShard_OfADevice_CountsFromIt(string device, int shard, string expected) => Assert.Equal(expected, RunnerDevice.OfShard(device, shard));

    [Theory]
    [InlineData("cuda:3,cuda:0,cuda:2,cuda:1", 1, "cuda:2,cuda:1", "cuda:1")]
    [InlineData("cuda:4", 1, "cuda:6", "cuda:7")]
    [InlineData("cpu", 1, "cpu", "cpu")]
    public void OfRank_OfAll_AreItsShards(string devices, int rank, string expected, string second)
    {
        Assert.Equal(expected, RunnerDevice.OfRank(devices, rank, 2));
        Assert.Equal(second, RunnerDevice.OfShard(RunnerDevice.OfRank(devices, rank, 2), 1));
    }
}
