using Grid.Engine.Configuration;
using Grid.Engine.Devices;
using Grid.Engine.Tests.Execution;
using Grid.Primitives.Ids;
using Grid.Primitives.Options;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Devices;

[Collection(nameof(CudaDevice))]
public sealed class CudaDeviceMemoryTests
{
    private const long MiB = 1L << 20, GiB = 1L << 30;

    [Fact]
    public void Read_ADevice_GivesFreeOfTotal()
    {
        CudaDevice.SkipUnlessPresent();
        var (free, total) = new CudaDeviceMemory(0).Read();
        Assert.InRange(total, GiB, 1024 * GiB);
        Assert.InRange(free, 1, total);
    }

    [Fact]
    public void Read_DeviceThatIsNotThere_NamesIt()
    {
        CudaDevice.SkipUnlessPresent();
        var error = Assert.Throws<ModelLoadException>(() => new CudaDeviceMemory(512).Read());
        Assert.Contains("cuda:512", error.Message, StringComparison.Ordinal);
        // The thread can go on with a device that is there.
        using var x = TorchSharp.torch.ones([1 << 24], device: new TorchSharp.torch.Device(CudaDevice.Name));
        Assert.Equal(1 << 24, x.sum().item<float>());
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.92)]
    public void Create_GpuMemoryUtilization_LeavesTheRestToTheKVCache(double utilization)
    {
        CudaDevice.SkipUnlessPresent();
        var folder = Fixtures.Model("guide");
        using var runner = StepDriver.Load(folder,
            new() { Model = folder, Devices = DeviceId.Parse(CudaDevice.Name), GpuMemoryUtilization = utilization });
        var (free, total) = new CudaDeviceMemory(0).Read();
        var expected = (long)(utilization * total) - (total - free);
        Assert.InRange(runner.Info.KVCacheBytes!.Value, expected - 256 * MiB, expected + 256 * MiB);
    }

    [Fact]
    public void Dispose_OfARunner_GivesItsMemoryBack()
    {
        CudaDevice.SkipUnlessPresent();
        var folder = Fixtures.Model("guide");
        var options = new EngineOptions { Model = folder, Devices = DeviceId.Parse(CudaDevice.Name) };
        using (var first = StepDriver.Load(folder, options)) first.KVCache.Reserve((int)(8 * GiB / first.Info.BytesPerBlock));
        var before = new CudaDeviceMemory(0).Read().Free;
        using (var second = StepDriver.Load(folder, options))
        {
            second.KVCache.Reserve((int)(8 * GiB / second.Info.BytesPerBlock));
            Assert.InRange(new CudaDeviceMemory(0).Read().Free, 0, before - 8 * GiB);
        }

        Assert.InRange(new CudaDeviceMemory(0).Read().Free, before - 256 * MiB, long.MaxValue);
    }

    [Fact]
    public void Create_NoRoomBesideTheWeights_LeavesNothing()
    {
        CudaDevice.SkipUnlessPresent();
        var folder = Fixtures.Model("guide");
        using var runner =
            StepDriver.Load(folder, new() { Model = folder, Devices = DeviceId.Parse(CudaDevice.Name), GpuMemoryUtilization = 1e-6 });
        Assert.Equal(0, runner.Info.KVCacheBytes);
    }

    [Fact]
    public void Create_MoreThanTheDeviceHolds_SaysSo()
    {
        CudaDevice.SkipUnlessPresent();
        var folder = Fixtures.Model("guide");
        var options = new EngineOptions { Model = folder, Devices = DeviceId.Parse(CudaDevice.Name), BlockSize = 1 << 29 };
        var error = Assert.Throws<ModelLoadException>(() => StepDriver.Load(folder, options));
        Assert.Equal(ModelLoadFault.DoesNotFit, error.Kind);
        Assert.Contains(CudaDevice.Name, error.Message, StringComparison.Ordinal);
    }
}
