using Grid.Cluster.Store;

namespace Grid.Cluster.Tests.Store;

public sealed class RedisDurabilityTests
{
    [Fact]
    public async Task RequireAsync_NoAppendOnlyFile_IsRefusedWithTheRemedy()
    {
        await using var bed = await StoreBed.StartAsync(appendOnly: false);

        var fault = await Assert.ThrowsAsync<StoreException>(() => RedisDurability.RequireAsync(bed.Connection, allowVolatile: false));

        Assert.True(fault.WrongUsage);
        Assert.Contains("appendonly must be yes; got no", fault.Message);
        Assert.Contains("--allow-volatile-store", fault.Message);
        await RedisDurability.RequireAsync(bed.Connection, allowVolatile: true);
    }

    [Fact]
    public async Task RequireAsync_AppendOnlyFile_IsTaken()
    {
        await using var bed = await StoreBed.StartAsync();

        await RedisDurability.RequireAsync(bed.Connection, allowVolatile: false);
    }
}
