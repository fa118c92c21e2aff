using Grid.Engine.Configuration;
using Grid.Engine.Tests.Devices;
using Grid.Engine.Tests.Execution;
using Grid.Engine.Tests.Models;
using Grid.Primitives.Ids;
using Grid.Primitives.Options;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Parallelism.Shards;

/// <summary>Two shards with a CUDA device each, over NCCL, against one device.</summary>
[Collection(nameof(CudaDevice))]
public sealed class ThreadBackendCudaTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string, int, int> Cases()
    {
        var data = new TheoryData<string, int, int>();
        foreach (var name in Directory.GetDirectories(Fixtures.Own("hf")).Select(folder => Path.GetFileName(folder))
            .Order(StringComparer.Ordinal))
        {
            // Its three key/value heads cannot be divided by two.
            if (name != "llama-bias-headdim") data.Add(name, 2, 1);
            data.Add(name, 1, 2);
        }
        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Execute_OverTwoDevices_GivesWhatOneGives(string name, int tensor, int pipeline)
    {
        CudaDevice.SkipUnlessPresent(2);
        var folder = Fixtures.Own("hf/" + name);
        var options = new EngineOptions { Model = folder, DType = ModelDType.Float32, Devices = DeviceId.Cuda(0) };
        using var one = new StepDriver(StepDriver.Load(folder, options), 256);
        using var two =
            new StepDriver(StepDriver.Load(folder, options with { TensorParallelSize = tensor, PipelineParallelSize = pipeline }), 256);
        Assert.True(two.Runner.Info.KVCacheBytes > 0);
        foreach (var (prompt, greedy) in Goldens.ReadTokens(folder))
        {
            foreach (var (expected, actual) in Prefill(one, prompt)
                .Zip(Prefill(two, prompt))) Assert.InRange(Goldens.RelativeError(actual, expected), 0, Tolerance);
            var request = StepDriver.Start(prompt);
            Assert.Equal(greedy, two.Greedy(request, greedy.Length).Select(step => step.Token));
            two.Finish(request);
        }
    }

    [Fact]
    public void Create_MoreThanTheDevicesHold_SaysSo()
    {
        CudaDevice.SkipUnlessPresent(2);
        var folder = Fixtures.Model("guide");
        var options = new EngineOptions { Model = folder, Devices = DeviceId.Cuda(0), BlockSize = 1 << 29, TensorParallelSize = 2 };
        var error = Assert.Throws<ModelLoadException>(() => StepDriver.Load(folder, options));
        Assert.Equal(ModelLoadFault.DoesNotFit, error.Kind);
        Assert.Contains("cannot be loaded on cuda:", error.Message, StringComparison.Ordinal);
    }

    private static float[][] Prefill(StepDriver driver, int[] prompt)
    {
        var request = StepDriver.Start(prompt);
        var rows = driver.Prefill(request);
        driver.Finish(request);
        return rows;
    }
}
