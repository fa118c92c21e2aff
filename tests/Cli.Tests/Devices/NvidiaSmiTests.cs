using Grid.Cli.Devices;

namespace Grid.Cli.Tests.Devices;

public sealed class NvidiaSmiTests
{
    private const string List = "NVIDIA H100 80GB HBM3, 81559\nNVIDIA H100 80GB HBM3, 81559\n";

    [Fact]
    public void Parse_TwoLinkedDevices_TellsNamesMemoryAndLink()
    {
        var devices = NvidiaSmi.Parse(List, "\tGPU0\tGPU1\nGPU0\t X \tNV18\nGPU1\tNV18\t X \n");

        Assert.Equal(2, devices.Count);
        Assert.Equal("cuda:1", devices.Node.Devices[1].Id.ToString());
        Assert.Equal(81559L << 20, devices.Node.Devices[1].MemoryBytes);
        Assert.True(devices.HasNVLink);
    }

    [Theory]
    [InlineData("\tGPU0\tGPU1\nGPU0\t X \tPHB\nGPU1\tPHB\t X \n")]
    [InlineData("")]
    public void Parse_DevicesBehindABridge_HaveNoNVLink(string topology) => Assert.False(NvidiaSmi.Parse(List, topology).HasNVLink);
}
