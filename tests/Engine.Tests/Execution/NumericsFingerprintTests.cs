using Grid.Engine.Execution;
using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Tests.Execution;

public sealed class NumericsFingerprintTests
{
    [Theory]
    [InlineData("other", "packed", ScalarType.Float32, 1)]
    [InlineData("weights", "eager", ScalarType.Float32, 1)]
    [InlineData("weights", "packed", ScalarType.BFloat16, 1)]
    [InlineData("weights", "packed", ScalarType.Float32, 2)]
    public void Compute_AnotherFact_IsAnotherFingerprint(string weights, string runner, ScalarType type, int tensor) =>
        Assert.NotEqual(NumericsFingerprint.Compute("weights", "packed", CPU, ScalarType.Float32, 1),
        NumericsFingerprint.Compute(weights, runner, CPU, type, tensor));

    [Fact]
    public void Allowed_OnceLimited_IsWhatOneDnnReads()
    {
        OneDnnInstructions.Limit();

        // Native code reads another copy of the environment than Environment does.
        if (OperatingSystem.IsLinux()) Assert.NotEmpty(OneDnnInstructions.Allowed);
        Assert.Equal(OneDnnInstructions.Allowed, OneDnnInstructions.Allowed.ToUpperInvariant());
    }
}
