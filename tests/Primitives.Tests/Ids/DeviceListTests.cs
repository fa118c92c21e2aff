using System.Text.Json;
using Grid.Primitives.Ids;

namespace Grid.Primitives.Tests.Ids;

public sealed class DeviceListTests
{
    [Theory]
    [InlineData("cuda", 0, "cuda:0")]
    [InlineData("cuda", 3, "cuda:3")]
    [InlineData("cuda:4", 3, "cuda:7")]
    [InlineData("cpu", 1, "cpu")]
    [InlineData("sim:2", 1, "sim:2")]
    public void OfShard_OfADevice_CountsFromIt(string device, int shard, string expected) =>
        Assert.Equal(expected, DeviceList.Parse(device).OfShard(shard).ToString());

    [Theory]
    [InlineData("cuda:3,cuda:0,cuda:2,cuda:1", 1, "cuda:2,cuda:1", "cuda:1")]
    [InlineData("cuda:4", 1, "cuda:6", "cuda:7")]
    [InlineData("cpu", 1, "cpu", "cpu")]
    public void OfRank_OfAll_AreItsShards(string devices, int rank, string expected, string second)
    {
        var own = DeviceList.Parse(devices).OfRank(rank, 2);

        Assert.Equal(expected, own.ToString());
        Assert.Equal(second, own.OfShard(1).ToString());
    }

    [Fact]
    public void Of_DevicesOfTwoKinds_IsRefused() =>
        Assert.Throws<ArgumentException>(() => DeviceList.Of([DeviceId.Cpu, DeviceId.Cuda(0)]));

    [Fact]
    public void Json_IsItsText()
    {
        var devices = DeviceList.Parse("cuda:0,cuda:2");

        Assert.Equal("\"cuda:0,cuda:2\"", JsonSerializer.Serialize(devices));
        Assert.Equal(devices, JsonSerializer.Deserialize<DeviceList>("\"cuda:0,cuda:2\""));
    }
}
