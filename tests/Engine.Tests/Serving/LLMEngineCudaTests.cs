using System.Text.Json;
using Grid.Engine.Inputs;
using Grid.Engine.Offline;
using Grid.Engine.Serving;
using Grid.Engine.Tests.Devices;
using Grid.Engine.Tests.Execution;
using Grid.Engine.Tests.Loading;
using Grid.Engine.Tests.Models;
using Grid.Primitives.Ids;
using Grid.Primitives.Options;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Serving;

/// <summary>models/guide through the whole engine, on the device.</summary>
[Collection(nameof(CudaDevice))]
public sealed class LLMEngineCudaTests
{
    private static readonly string Guide = Fixtures.Model("guide");

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(1, 1, 2)]
    [InlineData(2, 2, 1)]
    [InlineData(2, 1, 2)]
    public void Chat_WithTheMemoryOfTheDevices_GivesTheGoldens(int tensor, int pipeline, int data)
    {
        CudaDevice.SkipUnlessPresent(tensor * pipeline * data);
        using var goldens = ReadGoldens();
        var cases = goldens.RootElement.GetProperty("cases").EnumerateArray().ToList();
        var log = new ListLogger();
        var options = new EngineOptions
        {
            Devices = DeviceId.Parse(CudaDevice.Name), DType = ModelDType.Float32, GpuMemoryUtilization = 0.25,
            TensorParallelSize = tensor, PipelineParallelSize = pipeline, DataParallelSize = data,
        };
        using var llm = new LLM(Guide, options, logger: log);
        var outputs = llm.Chat(cases.Select(item => item.GetProperty("messages").EnumerateArray()
            .Select(message => new ChatMessage(message.GetProperty("role").GetString()!, message.GetProperty("content").GetString()!))));
        Assert.Equal(cases.Select(item => item.GetProperty("text").GetString()), outputs.Select(output => output.Outputs[0].Text));
        Assert.Contains(log.Lines, line => line.StartsWith("GPU KV cache size: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Generate_WithPreemptions_GivesTheGoldens()
    {
        CudaDevice.SkipUnlessPresent();
        var options = new EngineOptions
        {
            Model = Guide, Devices = DeviceId.Parse(CudaDevice.Name), DType = ModelDType.Float32, MaxModelLen = 256,
            NumGpuBlocksOverride = 20, EnablePrefixCaching = false,
        };
        using var goldens = ReadGoldens();
        var cases = goldens.RootElement.GetProperty("cases").EnumerateArray()
            .Select(item => (Prompt: Goldens.Ids(item, "ids"), Greedy: Goldens.Ids(item, "greedy"))).ToArray();
        await using var engine = await LLMEngine.CreateAsync(() => StepDriver.Load(Guide, options), options);
        var readers = engine.Submit([.. cases.Select((item, index) => EngineTestBed.Request($"{index}", item.Prompt, item.Greedy.Length))]);
        var outputs = await Task.WhenAll(readers.Select(EngineTestBed.ReadAsync));
        Assert.Equal(cases.Select(item => item.Greedy), outputs.Select(EngineTestBed.Tokens));
        Assert.True(engine.GetStatus().Preemptions > 0);
        Assert.Equal(0, engine.GetStatus().UsedBlocks);
    }

    private static JsonDocument ReadGoldens() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Guide, "goldens.json")));
}
