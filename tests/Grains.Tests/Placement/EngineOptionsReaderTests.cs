using Grid.Abstractions.Configuration;
using Grid.Engine.Configuration;
using Grid.Engine.Simulation;
using Grid.Grains.Placement;
using Grid.Primitives.Options;

namespace Grid.Grains.Tests.Placement;

public sealed class EngineOptionsReaderTests
{
    [Fact]
    public void Read_KnownKeys_SetsOptions()
    {
        var options = EngineOptionsReader.Read(
            Spec(new()
            {
                ["maxModelLen"] = "4k", ["dtype"] = "float32", ["kvCacheMemoryBytes"] = "2GiB", ["enablePrefixCaching"] = "false",
                ["maxNumSeqs"] = "7"
            }), DeviceList.Cpu, 2);
        Assert.Equal(("m", DeviceList.Cpu, 2, 4096, ModelDType.Float32),
            (options.Model, options.Devices, options.CpuThreads, options.MaxModelLen, options.DType));
        Assert.Equal((2L << 30, false, 7), (options.KVCacheMemoryBytes, options.EnablePrefixCaching, options.MaxNumSeqs));
    }

    [Theory]
    [InlineData("maxModelLen", "auto", -1)]
    [InlineData("maxModelLen", "-1", -1)]
    [InlineData("maxModelLen", "1.5k", 1536)]
    public void Read_Lengths_TakesTheirForms(string key, string value, int expected) =>
        Assert.Equal(expected, EngineOptionsReader.Read(Spec(new() { [key] = value }), DeviceList.Cpu, null).MaxModelLen);

    [Theory]
    [InlineData("colour", "red")]
    [InlineData("maxNumSeqs", "many")]
    [InlineData("maxNumSeqs", "99999999999")]
    [InlineData("kvCacheMemoryBytes", "2GB")]
    [InlineData("batchInvariant", "perhaps")]
    public void Read_UnknownKeyOrValue_NamesIt(string key, string value)
    {
        var fault = Assert.Throws<ModelLoadException>(() => EngineOptionsReader.Read(Spec(new() { [key] = value }), DeviceList.Cpu, null));
        Assert.Contains($"models.m.engine.{key}", fault.Message, StringComparison.Ordinal);
        Assert.Equal(ModelLoadFault.Layout, fault.Kind);
    }

    [Fact]
    public void ReadSimulation_Defaults_AreTheEngines() => Assert.Equal(new SimOptions(), EngineOptionsReader.ReadSimulation(null));

    private static ModelSpec Spec(Dictionary<string, string> engine) => new("m", "m", 1, null, 1, Engine: engine);
}
