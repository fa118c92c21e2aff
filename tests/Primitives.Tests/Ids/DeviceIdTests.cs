using System.Text.Json;
using Grid.Primitives.Ids;

namespace Grid.Primitives.Tests.Ids;

public sealed class DeviceIdTests
{
    [Theory]
    [InlineData("cpu", DeviceKind.Cpu, null)]
    [InlineData("cpu:3", DeviceKind.Cpu, 3)]
    [InlineData("cuda:0", DeviceKind.Cuda, 0)]
    [InlineData("cuda:12", DeviceKind.Cuda, 12)]
    [InlineData("sim:1", DeviceKind.Sim, 1)]
    public void Parse_ItsText_ReadsWhatItWrites(string text, DeviceKind kind, int? number)
    {
        var id = DeviceId.Parse(text);

        Assert.Equal(new DeviceId(kind, number), id);
        Assert.Equal(text, id.ToString());
        Assert.Equal($"\"{text}\"", JsonSerializer.Serialize(id));
        Assert.Equal(id, JsonSerializer.Deserialize<DeviceId>($"\"{text}\""));
    }

    [Fact]
    public void Parse_CudaAlone_IsTheFirst() => Assert.Equal(DeviceId.Cuda(0), DeviceId.Parse("cuda"));

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("tpu:0")]
    [InlineData("CPU")]
    [InlineData("cuda:")]
    [InlineData("cuda:x")]
    [InlineData("cuda:-1")]
    [InlineData("sim")]
    [InlineData("sim:1x8GiB")]
    public void Parse_AnythingElse_TellsTheRuleAndTheValue(string text)
    {
        var fault = Assert.Throws<FormatException>(() => DeviceId.Parse(text));
        Assert.Equal($"DeviceId must be cpu, cuda:N or sim:N; got '{text}'.", fault.Message);
    }
}
