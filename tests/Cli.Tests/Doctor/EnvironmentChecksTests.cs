using Grid.Cli.Doctor;

namespace Grid.Cli.Tests.Doctor;

public sealed class EnvironmentChecksTests
{
    [Fact]
    public void Run_Here_LooksAtEverything()
    {
        var checks = EnvironmentChecks.Run();

        Assert.Equal(["cpu", "cuda", "dotnet", "libtorch", "memory", "nccl", "shared-memory"],
            checks.Select(check => check.Check).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain(checks, check => check.Status == CheckStatus.Fail);
        Assert.All(checks, check => Assert.NotEmpty(check.Detail));
    }

    [Theory]
    [InlineData(64L << 20, 0, CheckStatus.Ok)]
    [InlineData(64L << 20, 2, CheckStatus.Warn)]
    [InlineData(16L << 30, 8, CheckStatus.Ok)]
    public void SharedMemoryOf_SmallForSeveralGpus_Warns(long bytes, int gpus, object expected) =>
        Assert.Equal((CheckStatus)expected, EnvironmentChecks.SharedMemoryOf(bytes, gpus).Status);

    [Fact]
    public void InfiniBandChecks_PortsOfTheKernel_AreTold()
    {
        var folder = Directory.CreateTempSubdirectory("grid-ib-").FullName;
        foreach (var (port, state) in new[] { ("mlx5_0/ports/1", "4: ACTIVE"), ("mlx5_1/ports/1", "1: DOWN") })
        {
            Directory.CreateDirectory(Path.Combine(folder, port));
            File.WriteAllText(Path.Combine(folder, port, "state"), state + "\n");
            File.WriteAllText(Path.Combine(folder, port, "rate"), "400 Gb/sec (4X NDR)\n");
        }

        var checks = InfiniBand.Checks(folder).ToArray();
        Directory.Delete(folder, recursive: true);

        Assert.Equal([("mlx5_0:1", CheckStatus.Ok), ("mlx5_1:1", CheckStatus.Warn)], checks.Select(check => (check.Target, check.Status)));
        Assert.Empty(InfiniBand.Checks(folder));
    }
}
