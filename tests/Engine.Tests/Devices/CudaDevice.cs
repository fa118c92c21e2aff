using TorchSharp;

namespace Grid.Engine.Tests.Devices;

/// <summary>The devices that these tests need. They run one after another, because they share its memory.</summary>
[CollectionDefinition(nameof(CudaDevice), DisableParallelization = true)]
public static class CudaDevice
{
    public const string Name = "cuda:0";

    public static void SkipUnlessPresent()
    {
        if (!torch.cuda.is_available()) Assert.Skip("torch.cuda.is_available() is false on this machine.");
    }

    public static void SkipUnlessPresent(int count)
    {
        SkipUnlessPresent();
        Assert.SkipWhen(torch.cuda.device_count() < count, $"This machine has {torch.cuda.device_count()} CUDA devices of {count}.");
    }
}
