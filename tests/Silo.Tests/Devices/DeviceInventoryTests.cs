using Grid.Abstractions.Nodes;
using Grid.Engine.Devices;
using Grid.Primitives.Options;
using Grid.Silo.Devices;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Silo.Tests.Devices;

public sealed class DeviceInventoryTests
{
    private const long GiB = 1L << 30;

    [Fact]
    public void Find_SimulatedFlags_CountsOn() => Assert.Equal(
        [new DeviceFacts(DeviceId.Sim(0), 8 * GiB), new DeviceFacts(DeviceId.Sim(1), 8 * GiB), new DeviceFacts(DeviceId.Sim(2), 4 * GiB),
        new DeviceFacts(DeviceId.Cpu, 2 * GiB)],
        Find("sim:2x8GiB", "sim:1x4GiB", "cpu:2GiB"));

    [Fact]
    public void Find_NothingWithoutCudaDevices_IsTheCpu()
    {
        Assert.SkipWhen(DeviceMemory.FindCuda().Count > 0, "This machine has CUDA devices.");
        Assert.Equal(Find(), Find("auto"));
        var device = Assert.Single(Find());
        Assert.Equal(DeviceId.Cpu, device.Id);
        Assert.True(device.MemoryBytes > 0);
    }

    [Fact]
    public void Find_ADeviceTwice_IsRefused() =>
        Assert.Contains("must name each device once; got 'cpu' twice",
        Assert.Throws<FormatException>(() => Find("cpu:1GiB", "cpu:2GiB")).Message, StringComparison.Ordinal);

    [Fact]
    public void Measure_TheHost_HasASpeedAndASimulatedDeviceNone()
    {
        var devices = DeviceInventory.Measure(Find("cpu:2GiB", "sim:1x8GiB"), 2, NullLogger.Instance);
        Assert.Equal([DeviceId.Cpu, DeviceId.Sim(0)], devices.Select(device => device.Id));
        Assert.True(devices[0].Speed > 0);
        Assert.Equal(0, devices[1].Speed);
    }

    private static DeviceFacts[] Find(params string[] values) => DeviceInventory.Find(
        [.. values.Select(value => DeviceSpec.TryParse(value, out var spec) ? spec : throw new FormatException(value))]);
}
