using TorchSharp;

namespace Grid.Engine.Tests.Execution;

/// <summary>The device that these tests need. They run one after another, because they share its memory.</summary>
[CollectionDefinition(nameof(CudaDevice), DisableParallelization = true)]
public static class CudaDevice
{
    public const string Name = "cuda:0";

    public static void SkipUnlessPresent()
    {
        if (!torch.cuda.is_available()) Assert.Skip("torch.cuda.is_available() is false on this machine.");
    }
}
