using Grid.Abstractions.Nodes;
using Grid.Silo.Devices;

namespace Grid.Silo.Tests.Devices;

public sealed class DeviceInventoryTests
{
    private const long GiB = 1L << 30;

    [Fact]
    public void Parse_SimulatedFlags_CountsOn() => Assert.Equal(
        [new DeviceFacts("sim:0", "sim", 8 * GiB), new DeviceFacts("sim:1", "sim", 8 * GiB), new DeviceFacts("sim:2", "sim", 4 * GiB),
        new DeviceFacts("cpu", "cpu", 2 * GiB)],
        DeviceInventory.Parse(["sim:2x8GiB", "sim:1x4GiB", "cpu:2GiB"]));

    [Fact]
    public void Parse_Nothing_OffersTheCpu()
    {
        var device = Assert.Single(DeviceInventory.Parse([]));
        Assert.Equal("cpu", device.Id);
        Assert.True(device.MemoryBytes > 0);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cpu:0GiB")]
    [InlineData("cpu:x")]
    [InlineData("cuda:x")]
    [InlineData("sim")]
    [InlineData("sim:8GiB")]
    [InlineData("sim:0x8GiB")]
    [InlineData("sim:1025x8GiB")]
    [InlineData("sim:1x0B")]
    public void Parse_AnythingElse_TellsTheRuleAndTheValue(string flag)
    {
        var fault = Assert.Throws<FormatException>(() => DeviceInventory.Parse([flag]));
        Assert.Contains(DeviceInventory.Rule, fault.Message, StringComparison.Ordinal);
        Assert.Contains($"'{flag}'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ADeviceTwice_IsRefused() =>
        Assert.Contains("cpu is given twice", Assert.Throws<FormatException>(() => DeviceInventory.Parse(["cpu:1GiB", "cpu:2GiB"])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Measure_TheHost_HasASpeedAndASimulatedDeviceNone()
    {
        var devices = DeviceInventory.Measure(DeviceInventory.Parse(["cpu:2GiB", "sim:1x8GiB"]), 2);
        Assert.Equal(["cpu", "sim:0"], devices.Select(device => device.Id));
        Assert.True(devices[0].Speed > 0);
        Assert.Equal(0, devices[1].Speed);
    }
}
