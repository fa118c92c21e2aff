using System.Text;
using Grid.Grains.Persistence;
using Grid.Grains.Records;
using Grid.Grains.Tests.Hosting;
using Grid.TestUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Persistence;
using Orleans.Serialization;

namespace Grid.Grains.Tests.Persistence;

public sealed class GridStateSerializerTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private GridStateSerializer Serializer => new(_services.GetRequiredService<Serializer>());

    [Fact]
    public void Deserialize_OfWhatSerializeWrote_IsTheSame()
    {
        var state = Serializer.Deserialize<GridState>(Serializer.Serialize(FullState.State()));
        Assert.Equivalent(FullState.State(), state, strict: true);
    }

    [Fact]
    public void Serialize_BeginsWithVersionAndAlias() =>
        Assert.StartsWith("grid-state 2 grid.GridState\n", Encoding.UTF8.GetString(Serializer.Serialize(FullState.State())),
        StringComparison.Ordinal);

    /// <summary>The file was written by the build of 5c5396c through the grain storage that it configures.</summary>
    [Fact]
    public void Deserialize_OfVersion1_IsTheStateThatWasWritten()
    {
        var file = new BinaryData(
            File.ReadAllBytes(Path.Combine(Fixtures.RepositoryRoot, "tests", "Grains.Tests", "Persistence", "state-v1-5c5396c.json")));
        var state = Serializer.Deserialize<GridState>(file);
        Assert.Equivalent(FullState.State(), state, strict: true);
        Assert.Equivalent(state, Serializer.Deserialize<GridState>(Serializer.Serialize(state)), strict: true);
    }

    [Theory]
    [InlineData("grid-state 3 grid.GridState\n", "The version of grain state must be 1 or 2; got 3. A newer build wrote it.")]
    [InlineData("grid-state 2 grid.Other\n", "Grain state must be of type grid.GridState; got grid.Other.")]
    [InlineData("something", "Grain state must begin with its version and type; got something else.")]
    public void Deserialize_OfOtherData_SaysWhy(string data, string message)
    {
        var fault = Assert.Throws<InvalidDataException>(() => Serializer.Deserialize<GridState>(BinaryData.FromString(data)));
        Assert.Equal(message, fault.Message);
    }

    [Fact]
    public async Task AddGridGrains_GivesItsSerializerToTheStorageOfItsName()
    {
        await using var node = new TestNode("a", TimeProvider.System.GetUtcNow(), () => null, "sim:1x8GiB");
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            silo.AddRedisGrainStorage(GrainsHosting.Storage, options => options.ConfigurationOptions = new());
            silo.AddGridGrains(node.Host);
        });
        using var host = builder.Build();
        var options = host.Services.GetRequiredService<IOptionsMonitor<RedisStorageOptions>>().Get(GrainsHosting.Storage);
        Assert.IsType<GridStateSerializer>(options.GrainStorageSerializer);
    }

    public void Dispose() => _services.Dispose();
}
