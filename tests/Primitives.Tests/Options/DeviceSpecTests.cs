using Grid.Primitives.Ids;
using Grid.Primitives.Options;

namespace Grid.Primitives.Tests.Options;

public sealed class DeviceSpecTests
{
    private const long GiB = 1L << 30;

    public static TheoryData<string, DeviceSpec> Values => new()
    {
        { "auto", DeviceSpec.Auto },
        { "cpu", new DeviceSpec(DeviceKind.Cpu) },
        { "cpu:8GiB", new DeviceSpec(DeviceKind.Cpu, MemoryBytes: 8 * GiB) },
        { "cuda", new DeviceSpec(DeviceKind.Cuda, 0) },
        { "cuda:3", new DeviceSpec(DeviceKind.Cuda, 3) },
        { "cuda:4x80GiB", new DeviceSpec(DeviceKind.Cuda, null, 4, 80 * GiB) },
        { "sim:2x8GiB", new DeviceSpec(DeviceKind.Sim, null, 2, 8 * GiB) },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void TryParse_AValue_ReadsIt(string text, DeviceSpec expected)
    {
        Assert.True(DeviceSpec.TryParse(text, out var spec));
        Assert.Equal(expected, spec);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cpu:0GiB")]
    [InlineData("cpu:x")]
    [InlineData("cuda:x")]
    [InlineData("sim")]
    [InlineData("sim:3")]
    [InlineData("sim:8GiB")]
    [InlineData("sim:0x8GiB")]
    [InlineData("sim:4097x8GiB")]
    [InlineData("sim:1x0B")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(DeviceSpec.TryParse(text, out _));
}
