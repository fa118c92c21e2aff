using System.Text.Json;
using Grid.Abstractions;
using Grid.Abstractions.Nodes;
using Grid.Node.Foundation;
using Grid.Node.Options;

namespace Grid.Node.Tests.Foundation;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("grid-data-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void Open_NewFolder_HoldsItsParts()
    {
        using var folder = DataFolder.Open(Path.Combine(_path, "deep", "er"));

        Assert.True(Directory.Exists(Path.Combine(folder.Path, "store")));
        Assert.True(Directory.Exists(Path.Combine(folder.Path, "logs")));
        var key = Path.Combine(folder.Path, "admin.key");
        Assert.Equal(64, File.ReadAllText(key).Length);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
    }

    [Fact]
    public void Open_HeldFolder_NamesTheHolder()
    {
        using var held = DataFolder.Open(_path);

        var fault = Assert.Throws<NodeException>(() => DataFolder.Open(_path));

        Assert.Equal(ExitCodes.DataFolderInUse, fault.ExitCode);
        Assert.Contains($"{Environment.ProcessId}", fault.Message);
    }

    [Fact]
    public void Open_AfterDispose_Succeeds_WithTheSameKey()
    {
        string Key() => File.ReadAllText(Path.Combine(_path, "admin.key"));
        DataFolder.Open(_path).Dispose();
        var first = Key();

        DataFolder.Open(_path).Dispose();

        Assert.Equal(first, Key());
    }

    [Fact]
    public void Publish_Endpoints_AreThereUntilDispose()
    {
        var folder = DataFolder.Open(_path);

        folder.Publish(new NodeEndpoints("a", 1, ["silo"], "http://h:1", "http://h:2", "http://h:3", "h:4"));

        using (var json = JsonDocument.Parse(File.ReadAllText(folder.EndpointsFile)))
            Assert.Equal(["name", "pid", "roles", "http", "admin", "siloHttp", "join"],
                json.RootElement.EnumerateObject().Select(member => member.Name));
        folder.Dispose();
        Assert.False(File.Exists(folder.EndpointsFile));
    }
}
